"""The page of the tills' shifts: leaders see what each drawer had to hold, and what it held."""

from flask import Blueprint, render_template

from pos.office import people
from pos.shifts import shift
from pos.signing_in import leaders_only
from pos.till_server import TillServer


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/shifts`."""

    @pages.get("/shifts")
    def shifts() -> str:
        leaders_only()
        with server.database.snapshot() as connection:
            found, names = shift.newest(connection), people.names(connection)
        return render_template("office/shifts.html", shifts=found, names=names)
