"""A signed receipt says what was sold to whoever knows its key, and nothing once a character of it is another."""

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st
from zxingcpp import BarcodeFormat, create_barcode, read_barcodes

from hardware.framing import LONGEST_FRAME, Framing
from shared import signed_receipt
from shared.signed_receipt import MOST_UNITS, PREFIX, DamagedReceiptError, SaleName, SoldUnit, is_receipt_number
from shared.signing_key import SigningKey

KEY, OTHER_KEY = (SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2))
SALE = SaleName("main", "till-1", 17, 1_790_000_000_000_000)
LONG_NAME = "x" * 40  # as long as settings allow
UNITS = [SoldUnit(1, "SN-0001", 2), SoldUnit(1, "SN-0002", 2), SoldUnit(7, "LN0123456789ABC", 6)]
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

names = st.text("abcXYZ019-_.", min_size=1, max_size=40)
sales = st.builds(SaleName, names, names, st.integers(0, 2**32 - 1), st.integers(0, 2**38).map(lambda s: s * 1_000_000))
units = st.builds(SoldUnit, st.integers(1, 10**6), st.text(min_size=1, max_size=40), st.integers(1, 10**6))


def made(sale: SaleName = SALE, sold: list[SoldUnit] = UNITS, key: SigningKey = KEY) -> str:
    (text,) = signed_receipt.make(sale, sold, key)
    return text


def holds(text: str, key: SigningKey = KEY) -> bool:
    """Whether a text is a receipt that this key signed."""
    try:
        return signed_receipt.read(text).is_signed_with(key.public)
    except DamagedReceiptError:
        return False


@given(sales, st.lists(units, min_size=1, max_size=8, unique=True))
def test_a_receipt_says_which_sale_and_which_units(sale: SaleName, sold: list[SoldUnit]) -> None:
    text = made(sale, sold)
    assert re.fullmatch("LR1[A-Z2-7]+", text)
    read = signed_receipt.read(text)
    assert (read.key, read.sale, read.sale.number) == (KEY.id, sale, f"{sale.register}-{sale.nth:06d}")
    assert read.is_signed_with(KEY.public)
    assert [read.sold_as(unit.product, unit.serial, range(unit.version, unit.version + 3)) for unit in sold] == [
        unit.version for unit in sold
    ]


def test_a_unit_is_on_it_only_as_what_it_was_sold_as() -> None:
    read = signed_receipt.read(made())
    assert read.sold_as(1, "SN-0001", [1, 2, 3]) == 2
    assert read.sold_as(1, "SN-0001", [1, 3]) is None
    assert read.sold_as(2, "SN-0001", [2]) is None
    assert read.sold_as(1, "SN-0003", [2]) is None


def test_a_unit_has_another_hash_on_each_receipt() -> None:
    one, other = (signed_receipt.read(made(SALE._replace(nth=nth))).hashes for nth in (17, 18))
    assert not one & other


@given(st.data())
def test_any_other_character_makes_it_nobodys(data: st.DataObject) -> None:
    text = made()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(CHARACTERS + "0189 -").filter(lambda one: one != text[place]))
    assert not holds(text[:place] + other + text[place + 1 :])


def test_each_last_character_but_the_right_one_is_refused() -> None:
    for count in range(1, 6):
        text = made(sold=UNITS[:1] * count)
        assert [one for one in CHARACTERS if holds(text[:-1] + one)] == [text[-1]]


@given(st.data())
@example(None)
def test_cut_anywhere_or_with_something_added_it_is_nobodys(data: st.DataObject | None) -> None:
    text = made()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2))) if data else (0, len(text) - 1)
    for broken in (text[:start], text[end:], text[:start] + text[end:], text + text[start:end], text + text):
        assert holds(broken) == (broken == text)


@given(st.permutations(range(3)))
def test_hashes_in_another_order_are_nobodys(order: list[int]) -> None:
    read = signed_receipt.read(made())
    hashes = [read.signed[len(read.salt) + 5 * place :][:5] for place in order]
    content = read.salt + b"".join(hashes) + read.signature
    assert holds(PREFIX + signed_receipt._text(content)) == (order == [0, 1, 2])


@given(st.text(max_size=300) | st.text(CHARACTERS, max_size=300).map(PREFIX.__add__))
def test_whatever_else_is_scanned_is_refused_as_a_value(text: str) -> None:
    assert not holds(text)


def test_another_key_and_what_was_signed_as_something_else_do_not_vouch() -> None:
    assert not holds(made(), OTHER_KEY)
    read = signed_receipt.read(made())
    bare = bytes.fromhex(KEY.sign(read.signed))
    assert not read._replace(signature=bare).is_signed_with(KEY.public)


@pytest.mark.parametrize("change", [str.lower, lambda text: f"]Q1{text}", lambda text: f" {text}\r"])
def test_it_survives_what_scanners_do_to_it(change: Callable[[str], str]) -> None:
    assert holds(change(made()))
    assert signed_receipt.begins_like_one(change(made()).strip())


@pytest.mark.parametrize("text", ["LR1", "LR1-0001", "LR12345678901234567890123456789012345678", "LN0123456789ABC", ""])
def test_a_serial_that_begins_like_one_is_none(text: str) -> None:
    assert not signed_receipt.begins_like_one(text)


def test_a_hundred_units_fit_one_code_that_every_scanner_gets_across() -> None:
    sold = [SoldUnit(10**9, f"SN-{number}", 10**6) for number in range(MOST_UNITS)]
    text = made(SaleName(LONG_NAME, LONG_NAME, 2**32 - 1, SALE.at), sold)
    assert len(f"]Q1{text}") < LONGEST_FRAME
    assert Framing().feed(f"{text}\r".encode(), 0) == [text.encode()]
    code = create_barcode(text, BarcodeFormat.QRCode, ec_level="M").to_image(scale=3, add_quiet_zones=True)
    assert [read.text for read in read_barcodes(code)] == [text]


def test_more_units_take_more_codes_and_none_takes_none() -> None:
    sold = [SoldUnit(1, f"SN-{number}", 2) for number in range(2 * MOST_UNITS + 1)]
    texts = signed_receipt.make(SALE, sold, KEY)
    assert len(texts) == 3
    for place in (0, MOST_UNITS - 1, MOST_UNITS, 2 * MOST_UNITS):
        found = [signed_receipt.read(text).sold_as(1, sold[place].serial, [2]) for text in texts]
        assert [number for number, version in enumerate(found) if version] == [place // MOST_UNITS]
    assert signed_receipt.make(SALE, [], KEY) == []


def test_a_receipts_number_is_known_by_its_form_and_a_units_serial_is_not_one() -> None:
    for number in (SaleName("main", "till-1", 1, 0).number, SaleName("main", "Kasir_2.b-L", 1_234_567, 0).number):
        assert is_receipt_number(number)
    for other in ("LNX72KQ904TBM3S", "till-1-00001", "till-1-000001\x00", "-000001", ""):
        assert not is_receipt_number(other)
