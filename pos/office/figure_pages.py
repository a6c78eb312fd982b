"""The figures' page, for leaders."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, render_template, request

from pos.office import charts, figures, gates
from pos.office.charts import Chart
from pos.office.figures import Happened, Period
from pos.office.happened import happened, seen_leaving
from pos.office.watches import reader_uptimes
from pos.signing_in import leaders_only
from pos.till_server import TillServer

PERIODS = (7, 30, 90)  # days


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/figures`."""
    timezone = server.settings.shop.timezone

    @pages.get("/figures")
    def figures_page() -> str:
        leaders_only()
        days = days_of(request.args.get("days", ""))
        period = Period.of(days, datetime.now(timezone).date())
        with server.database.snapshot() as connection:
            found = happened(connection, period, timezone)
            leaving = seen_leaving(connection, period, timezone)
            every_gate = gates.gates(connection)
            readers = reader_uptimes(connection, period, timezone)
        return render_template(
            "office/figures.html",
            days=days,
            periods=PERIODS,
            period=period,
            happened=found,
            leaving=leaving,
            gates=every_gate,
            answers=figures.answers(found),
            figures=figures,
            told=charts,
            charts=_charts(found, period),
            readers=charts.uptime(readers),
        )


def _charts(found: Sequence[Happened], period: Period) -> list[Chart]:
    return [
        charts.per_day(found, period),
        charts.per_hour(found),
        charts.answers(figures.answers(found)),
        charts.false_per_week(found, period),
    ]


def days_of(given: str) -> int:
    """The period that the address names; the middle one for none, or for one that is not offered."""
    return next((days for days in PERIODS if str(days) == given), PERIODS[1])
