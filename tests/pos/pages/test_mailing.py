"""A receipt as PDF and by e-mail: what the paper says, with the code for the gate; and why one was not sent, told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from zxingcpp import read_barcodes

from pos.app import create_app
from pos.mailing import post
from pos.till_server import TillServer
from shared import settings
from shared.settings import SettingsError
from shared.signed_receipt import PREFIX
from tests.pos.pages.test_customers import BUDI, ENGLISH, pay, scan, tell
from tests.servers.certificate import own_certificate
from tests.servers.mail_server import NOBODY, PASSWORD, USER, MailServer
from tests.shop import Shop

TO = "budi@example.com"


@pytest.fixture
def mail(tmp_path: Path, free_port: Callable[[], int]) -> dict[str, Any]:
    """The shop's settings for e-mail: a user who logs in over TLS, and a certificate of the shop's own."""
    (tmp_path / "mail.password").write_text(PASSWORD)
    (tmp_path / "mail.password").chmod(0o600)
    secret = {"username": USER, "password_file": "mail.password"}
    return {"host": "localhost", "port": free_port(), "from": "toko@example.com", "ca_file": "till.crt", **secret}


@pytest.fixture
def app(shop: Shop, mail: dict[str, Any], tmp_path: Path) -> Flask:
    """Build the application of a shop that sends e-mail."""
    told = {"shop": {"name": "Toko Jam Senja"}, "database": {"url": shop.url}, "mail": mail}
    chosen = settings.parse(told, tmp_path / "lunas.toml")
    return create_app(TillServer(chosen, shop.database, shop.counter))


@pytest.fixture
def sale(cashier: FlaskClient) -> str:
    """Sell a shoe to somebody who wants to be known."""
    cart: str = scan(cashier, "SHOE-0001")["cart_id"]
    tell(cashier, cart, BUDI)
    pay(cashier, cart, 50_000)
    return cart


@pytest.fixture
def server(mail: dict[str, Any], tmp_path: Path) -> Iterator[MailServer]:
    """Run a server that asks for TLS and a login, as those on port 587 do."""
    _, tls = own_certificate(tmp_path)
    server = MailServer(mail["port"], tls)
    yield server
    server.stop()


def send(cashier: FlaskClient, sale: str, to: str = TO) -> tuple[int, str]:
    answer = cashier.post("/till/mail", json={"sale": sale, "to": to}, headers=ENGLISH)
    told = answer.get_json()
    return answer.status_code, told.get("told") or told["detail"]


def read(pdf: bytes) -> tuple[str, list[str]]:
    """The words of a PDF's one page, and what a scanner reads off it."""
    (page,) = pypdfium2.PdfDocument(pdf)
    picture = page.render(scale=300 / 72, grayscale=True).to_numpy().squeeze()
    return page.get_textpage().get_text_bounded(), [code.text for code in read_barcodes(picture)]


def test_the_pdf_is_the_receipt_of_the_shops_language_with_its_code_for_the_gate(
    cashier: FlaskClient, sale: str
) -> None:
    answer = cashier.get(f"/till/receipt/{sale}.pdf", headers=ENGLISH)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    words, codes = read(answer.data)
    lines = [line.split() for line in words.splitlines()]
    assert ["Toko", "Jam", "Senja"] in lines
    assert ["Shoe", "Rp50.000"] in lines
    assert ["Pelanggan:", "Budi", "Santoso"] in lines
    assert [code.startswith(PREFIX) for code in codes] == [True]
    assert cashier.get("/till/receipt/nothing.pdf").status_code == 404


def test_letters_that_the_pdf_has_not_are_told_by_a_question_mark_and_break_nothing(
    cashier: FlaskClient, shop: Shop
) -> None:
    shop.list_products(("CAFE", "Café 中文 ☕", "9000"))
    shop.receive("CAFE", "CAFE-0001")
    cart = scan(cashier, "CAFE-0001")["cart_id"]
    pay(cashier, cart, 9_000)
    words, _ = read(cashier.get(f"/till/receipt/{cart}.pdf").data)
    assert "Café ?? ?" in words


def test_a_receipt_goes_by_e_mail_over_tls_with_a_login_and_the_address_is_kept_nowhere(
    cashier: FlaskClient, sale: str, server: MailServer, shop: Shop
) -> None:
    assert send(cashier, sale, f" {TO} ") == (200, f"Sent to {TO}.")
    (letter,) = server.sent
    assert server.logins == [USER]
    assert (letter["From"], letter["To"]) == ("toko@example.com", TO)
    assert letter["Subject"] == "Struk till-1-000001 dari Toko Jam Senja"
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("till-1-000001.pdf", "application/pdf")
    assert "Rp50.000" in read(attached.get_content())[0]
    with shop.database.reading() as connection:
        kept = "\n".join(str(row) for row in connection.exec_driver_sql("SELECT * FROM event"))
    assert TO not in kept


def test_a_server_that_speaks_tls_from_the_first_byte_is_spoken_to_like_that(
    cashier: FlaskClient, sale: str, mail: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "SUBMISSIONS", mail["port"])  # the real one is 465, which needs root
    server = MailServer(mail["port"], own_certificate(tmp_path)[1], at_once=True)
    try:
        assert send(cashier, sale) == (200, f"Sent to {TO}.")
        assert (server.logins, len(server.sent)) == ([USER], 1)
    finally:
        server.stop()


def test_who_cannot_be_reached_is_told_apart_from_who_does_not_know_us(
    cashier: FlaskClient, sale: str, mail: dict[str, Any], tmp_path: Path
) -> None:
    _, tls = own_certificate(tmp_path)
    unreached = "Not sent: the server did not answer. Try again, or print the receipt."
    assert send(cashier, sale) == (422, unreached)
    plain = MailServer(mail["port"])
    assert send(cashier, sale)[1].startswith("Not sent: the server cannot be trusted.")
    plain.stop()
    server = MailServer(mail["port"], tls)
    try:
        assert send(cashier, sale, NOBODY)[1].startswith("Not sent: the server does not take this address.")
        (tmp_path / "mail.password").write_text("wrong")
        assert send(cashier, sale)[1].startswith("Not sent: the server does not know this shop.")
        (tmp_path / "mail.password").chmod(0o644)
        assert send(cashier, sale)[1].startswith("Not sent: the server does not know this shop.")
        own_certificate(tmp_path)  # another one, which the server has not
        (tmp_path / "mail.password").chmod(0o600)
        assert send(cashier, sale)[1].startswith("Not sent: the server cannot be trusted.")
        (tmp_path / "till.crt").unlink()
        assert send(cashier, sale)[1].startswith("Not sent: the server cannot be trusted.")
        assert (plain.sent, server.sent) == ([], [])
    finally:
        server.stop()


@pytest.mark.parametrize(
    "to", ["", "budi", "budi@", "budi@toko", "a b@example.com", "a@b.com\r\nBcc: c@d.com", "x" * 300]
)
def test_what_is_no_address_is_told(cashier: FlaskClient, sale: str, to: str) -> None:
    assert send(cashier, sale, to) == (400, "Expected an e-mail address, such as name@example.com.")


def test_only_receipts_that_there_are_are_sent(cashier: FlaskClient) -> None:
    assert cashier.post("/till/mail", json={"sale": "nothing", "to": TO}).status_code == 404


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, 'mail.from: expected whose address the e-mail bears, such as "shop@example.com"'),
        ({"from": "Toko <a@b.com>"}, "mail.from: expected whose address"),
        (
            {"from": "a@b.com", "host": "smtp.example.com", "tls": False},
            "mail.tls: receipts would go to smtp.example.com",
        ),
        ({"from": "a@b.com", "username": "shop"}, "mail.password_file: expected username and password_file both"),
        ({"from": "a@b.com", "tls": False, "ca_file": "x"}, "mail.ca_file: expected tls = true beside it"),
        ({"from": "a@b.com", "server": "x"}, "mail.server: unknown"),
    ],
)
def test_mistakes_in_the_settings_are_told(told: dict[str, Any], why: str) -> None:
    with pytest.raises(SettingsError) as found:
        settings.parse({"mail": told}, Path("lunas.toml"))
    assert why in str(found.value)
