"""What the till's page asks of its receipt printer."""

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import NotFound

from pos.printing.receipt_printer import ReceiptPrinter
from pos.till import asked


def add_printing(pages: Blueprint, printer: ReceiptPrinter) -> None:
    """`/till/print` and `/till/print/drop`."""

    @pages.post("/print")
    def print_again() -> Response:
        if not printer.print_again(asked.number(asked.body(), "sale")):
            raise NotFound
        return jsonify(waiting=len(printer.standing().waiting))

    @pages.post("/print/drop")
    def drop_receipts() -> Response:
        printer.spool.drop()
        return jsonify(waiting=0)
