"""What travels to a browser: texts by gzip where it takes that, and what it holds already not again."""

import gzip

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SHEET = "/look/lunas.css"
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    return client.get(path, headers=headers, buffered=True)  # files are closed


def test_a_browser_that_takes_gzip_is_sent_the_same_in_less(cashier: FlaskClient) -> None:
    for path in ("/till", SHEET, SHEET):
        plain, packed = get(cashier, path), get(cashier, path, **TAKES)
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data) / 2
        assert packed.content_length == len(packed.data)
        assert gzip.decompress(packed.data) == plain.data


def test_what_gains_nothing_by_it_travels_as_it_is(cashier: FlaskClient) -> None:
    for path in ("/look/fonts/jetbrains-mono-latin-wght-normal.woff2", "/static/till/words.js", "/till/cart"):
        assert "Content-Encoding" not in get(cashier, path, **TAKES).headers


def test_a_file_that_a_browser_holds_is_not_sent_again(cashier: FlaskClient) -> None:
    for how in ({}, TAKES):
        held = get(cashier, SHEET, **how).headers["ETag"]
        assert get(cashier, SHEET, **how, **{"If-None-Match": held}).status_code == 304
