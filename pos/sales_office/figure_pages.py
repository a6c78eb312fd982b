"""What the shop took in a period, and what was out of the ordinary at its tills: for leaders."""

from datetime import datetime

from flask import Blueprint, render_template, request

from pos.office import people
from pos.office.figure_pages import PERIODS, days_of
from pos.office.figures import Period
from pos.sales_office import exception_words, exceptions, sale_words
from pos.sales_office.charts import charts
from pos.sales_office.exceptions import Kind
from pos.sales_office.figures import figures
from pos.signing_in import leaders_only
from pos.till.paying_words import method_name
from pos.till_server import TillServer

LISTED = 200  # exceptions


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/sales/figures` and `/office/sales/exceptions`."""
    timezone = server.settings.shop.timezone

    @pages.get("/sales/figures")
    def sale_figures() -> str:
        leaders_only()
        days, period = _asked()
        with server.database.snapshot() as connection:
            found, names = figures(connection, period, timezone), people.names(connection)
        return render_template(
            "sales_office/figures.html",
            days=days,
            periods=PERIODS,
            period=period,
            found=found,
            charts=charts(found, server.counter.currency),
            names=names,
            words=sale_words,
            method_name=method_name,
        )

    @pages.get("/sales/exceptions")
    def sale_exceptions() -> str:
        leaders_only()
        days, period = _asked()
        with server.database.snapshot() as connection:
            found, names = exceptions.exceptions(connection, period, timezone), people.names(connection)
        return render_template(
            "sales_office/exceptions.html",
            days=days,
            periods=PERIODS,
            period=period,
            listed=found[:LISTED],
            count=len(found),
            tolls=exceptions.tolls(found),
            kinds=list(Kind),
            told=exception_words,
            names=names,
            words=sale_words,
        )

    def _asked() -> tuple[int, Period]:
        days = days_of(request.args.get("days", ""))
        return days, Period.of(days, datetime.now(timezone).date())
