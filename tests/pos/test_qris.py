"""The shop's QRIS code is read, checked, and made for one amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.till import qris
from pos.till.qris import QrisError

# The example of EMV QRCPS Merchant-Presented Mode 1.1, annex D, and its CRC.
EMVCO = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016"
    "A0112233449988770708123456786304A13A"
)


def tlv(*objects: tuple[str, str]) -> str:
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in objects)


NATIONAL = tlv(("00", "ID.CO.QRIS.WWW"), ("02", "ID1020021234567"), ("03", "UMI"))
STATIC = [
    ("00", "01"),
    ("01", "11"),
    ("26", tlv(("00", "COM.EXAMPLE.WWW"), ("01", "936000000000000001"))),
    ("51", NATIONAL),
    ("52", "5999"),
    ("53", "360"),
    ("58", "ID"),
    ("59", "TOKO KITA"),
    ("60", "BANDUNG"),
    ("61", "40111"),
]


def code(*changes: tuple[str, str], without: str = "") -> str:
    """The shop's static code, some objects otherwise, with the right CRC."""
    objects = {**dict(STATIC), **dict(changes)}
    objects.pop(without, None)
    body = tlv(*objects.items()) + "6304"
    return body + qris.crc(body)


def test_the_crc_is_the_one_of_the_standard() -> None:
    assert qris.crc("123456789") == "29B1"
    assert qris.crc(EMVCO[:-4]) == EMVCO[-4:] == "A13A"


def test_a_static_code_tells_the_merchant() -> None:
    found = qris.read(code())
    assert (found.name, found.city, found.nmid) == ("TOKO KITA", "BANDUNG", "ID1020021234567")


def test_a_code_for_one_amount_differs_in_nothing_else() -> None:
    asked = qris.read(code()).for_amount(1_250_000)
    plain = [("01", "12") if tag == "01" else (tag, value) for tag, value in STATIC]
    plain.insert([tag for tag, _ in plain].index("53") + 1, ("54", "1250000"))
    body = tlv(*plain) + "6304"
    assert asked == body + qris.crc(body)


@given(st.integers(1, qris.LARGEST_AMOUNT))
def test_a_code_for_any_amount_is_whole(amount: int) -> None:
    asked = qris.read(code(without="01")).for_amount(amount)
    assert asked.startswith("000201010212")
    assert qris.crc(asked[:-4]) == asked[-4:]
    with pytest.raises(QrisError, match="got one for a single payment"):
        qris.read(asked)


@pytest.mark.parametrize("amount", [0, -1, qris.LARGEST_AMOUNT + 1])
def test_no_code_asks_for_nothing_or_too_much(amount: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to"):
        qris.read(code()).for_amount(amount)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected it to begin with 000201"),
        ("https://example.com", "expected a tag and a length in the code at character 0, got 'tp'"),
        (EMVCO, "got one for a single payment"),
        (code()[:-1], "whole objects"),
        (code().replace("TOKO", "TOKQ"), "a character is wrong or missing"),
        (code()[:-4] + "0000", "a character is wrong or missing"),
        (code(("01", "12")), "got one for a single payment"),
        (code(("54", "5")), "got one for a single payment"),
        (code(("53", "840")), "expected rupiah and Indonesia"),
        (code(("58", "MY")), "expected rupiah and Indonesia"),
        (code(without="51"), "with the merchant's NMID"),
        (code(("51", tlv(("00", "ID.CO.QRIS.WWW")))), "with the merchant's NMID"),
        (code(("51", "99")), "in tag 51"),
        (code(without="59"), "the merchant's name in tag 59"),
        (code() + code(), "whole objects, each once"),
        ("\x00" * 9, "readable characters"),
        ("0" * 600, "readable characters"),
    ],
)
def test_what_is_no_static_code_is_told_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(QrisError, match=told):
        qris.read(text)


@given(st.text(max_size=80))
def test_no_text_is_a_fault(text: str) -> None:
    with pytest.raises(QrisError):
        qris.read(text)


@given(st.integers(0, len(code()) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_every_wrong_character_is_found(place: int, character: str) -> None:
    right = code()
    if right[place] != character:
        with pytest.raises(QrisError):
            qris.read(right[:place] + character + right[place + 1 :])
