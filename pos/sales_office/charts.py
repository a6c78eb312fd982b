"""The charts of sales: bars, and the table behind them, in the person's words."""

from pos.office.bars import Column, bars
from pos.office.charts import Chart
from pos.sales_office.figures import Figures
from shared.pages import frame
from shared.pages.speech import gettext


def charts(found: Figures, currency: str) -> list[Chart]:
    """What was taken on each day, and at what time of the day."""
    days = [
        _column(frame.day(day.isoformat()), frame.short_day(day), amount, currency)
        for day, amount in found.per_day.items()
    ]
    hours = [
        _column(f"{hour:02}.00 - {hour:02}.59", f"{hour:02}", amount, currency)
        for hour, amount in enumerate(found.per_hour)
    ]
    sold = gettext("Sold")
    return [
        Chart(gettext("Sold per day"), gettext("Day"), sold, days, bars(days)),
        Chart(gettext("Sold by hour of the day"), gettext("Hour"), sold, hours, bars(hours)),
    ]


def _column(name: str, tick: str, amount: int, currency: str) -> Column:
    return Column(name, tick, amount, frame.money(amount, currency), frame.short_money(amount, currency))
