"""The receipt as a PDF, and sending it by e-mail, as the till's page asks for it."""

import logging

from flask import Blueprint, Response, jsonify

from pos.mailing import post
from pos.mailing.letter import receipt_file, receipt_letter
from pos.mailing.post import Trouble, UnsentError
from pos.till import asked, past_sales
from pos.till_server import TillServer
from shared.mail_address import is_mail_address
from shared.mail_settings import MailSettings
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext

UNSENT = 422
log = logging.getLogger(__name__)


def add_mailing(pages: Blueprint, server: TillServer) -> None:
    """`/till/receipt/SALE.pdf`, and `/till/mail` where the shop sends e-mail."""

    @pages.get("/receipt/<sale_id>.pdf")
    def receipt_as_pdf(sale_id: str) -> Response:
        found = past_sales.read_receipt(server.database, sale_id)
        answer = Response(receipt_file(found, server.settings.shop), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "inline", filename=f"{found['number']}.pdf")
        return answer

    if server.settings.mail:
        _add_sending(pages, server, server.settings.mail)


def _add_sending(pages: Blueprint, server: TillServer, settings: MailSettings) -> None:
    @pages.post("/mail")
    def send() -> Response | tuple[Response, int]:
        """The address is kept nowhere."""
        body = asked.body()
        to = asked.text(body, "to").strip()
        if not is_mail_address(to):
            raise BadInputError(gettext("Expected an e-mail address, such as name@example.com."))
        found = past_sales.read_receipt(server.database, asked.number(body, "sale"))
        try:
            post.send(settings, receipt_letter(found, server.settings.shop, settings.sender, to))
        except UnsentError as error:
            log.warning("receipt %s was not sent by e-mail: %s", found["number"], error)
            return jsonify(detail=_told(error.trouble)), UNSENT
        return jsonify(told=gettext("Sent to %(address)s.", address=to))


def _told(trouble: Trouble) -> str:
    told = {
        Trouble.ADDRESS: gettext("Not sent: the server does not take this address. Ask the customer for it again."),
        Trouble.SETTINGS: gettext("Not sent: the server does not know this shop. Tell a manager; print the receipt."),
        Trouble.UNTRUSTED: gettext("Not sent: the server cannot be trusted. Tell a manager; print the receipt."),
        Trouble.UNREACHED: gettext("Not sent: the server did not answer. Try again, or print the receipt."),
    }
    return told[trouble]
