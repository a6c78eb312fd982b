"""The office: one module of pages per subject."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound

from pos.customers import office_pages as customer_pages
from pos.office import (
    alarm_pages,
    badge_pages,
    closing_pages,
    credit_pages,
    dispute_pages,
    figure_pages,
    gate_pages,
    payment_pages,
    permit_pages,
    picture_pages,
    policy_pages,
    shift_pages,
)
from pos.sales_office import figure_pages as sale_figure_pages
from pos.sales_office import sale_pages
from pos.signing_in import Door
from pos.till_server import TillServer
from shared.roles import WATCHERS


def blueprint(server: TillServer, door: Door) -> Blueprint:
    """`/office` and all below it."""
    pages = Blueprint("office", __name__, url_prefix="/office")
    pages.before_request(door.only(WATCHERS))
    pages.before_request(_refuse_unreadable)
    alarm_pages.add(pages, server)
    badge_pages.add(pages, server)
    closing_pages.add(pages, server)
    credit_pages.add(pages, server)
    customer_pages.add(pages, server)
    dispute_pages.add(pages, server)
    figure_pages.add(pages, server)
    gate_pages.add(pages, server)
    payment_pages.add(pages, server)
    permit_pages.add(pages, server)
    picture_pages.add(pages, server)
    policy_pages.add(pages, server)
    sale_figure_pages.add(pages, server)
    sale_pages.add(pages, server)
    shift_pages.add(pages, server)
    return pages


def _refuse_unreadable() -> None:
    """PostgreSQL refuses a text that holds NUL, as no name in an address does."""
    if not all(str(part).isprintable() for part in (request.view_args or {}).values()):
        raise NotFound
