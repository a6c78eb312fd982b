"""Codes: what a scanned text may name."""

import string
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import codes
from shared.codes import CROCKFORD, Code, Miss, Scheme, UnreadableTextError

OWN = "LN0123456789AB" + codes.check_character("0123456789AB")
GTIN = "09506000134352"


def gs1(serial: str, gtin: str = GTIN) -> Code:
    return Code(Scheme.GS1, gtin, serial)


def maker(text: str, scope: str = "") -> Code:
    return Code(Scheme.MAKER, scope, text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (OWN, Code(Scheme.OWN, "", OWN)),
        (OWN.lower(), Code(Scheme.OWN, "", OWN)),
        (codes.printed(OWN), Code(Scheme.OWN, "", OWN)),
        (f"S/N {codes.printed(OWN)}", Code(Scheme.OWN, "", OWN)),
        (f"]C0{OWN}", Code(Scheme.OWN, "", OWN)),
        ("(01)09506000134352(21)Ab1", gs1("Ab1")),
        ("(21)Ab1(01)09506000134352", gs1("Ab1")),
        ("010950600013435221Ab1", gs1("Ab1")),
        ("\x1d010950600013435221Ab1", gs1("Ab1")),
        ("010950600013435210LOT\x1d21Ab1", gs1("Ab1")),
        ("21Ab1\x1d0109506000134352", gs1("Ab1")),
        ("]C1010950600013435221Ab1", gs1("Ab1")),
        ("]C121Ab1\x1d0109506000134352", gs1("Ab1")),
        ("]d2010950600013435221Ab1", gs1("Ab1")),
        ("]Q3010950600013435221Ab1\x1d10LOT", gs1("Ab1")),
        ("]e0010950600013435221Ab1", gs1("Ab1")),
        ("https://id.gs1.org/01/09506000134352/21/Ab1", gs1("Ab1")),
        ("https://shop.example/p/01/09506000134352/21/Ab1?17=271231", gs1("Ab1")),
        ("https://shop.example/01/9506000134352/21/A%2Fb", gs1("A/b")),
        # GS1 EPC Tag Data Standard 1.13, section E.3: urn:epc:tag:sgtin-96:3.0614141.812345.6789
        ("3074257BF7194E4000001A85", gs1("6789", "80614141123458")),
        ("3074257bf7194e4000001a85", gs1("6789", "80614141123458")),
        # ... and urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb
        ("3674257BF6B7A659B2C2BF100000000000000000000000000000", gs1("32a/b", "70614141123451")),
        ("a-1_b.2/C", maker("A-1_B.2/C")),
        ("SN12345678", maker("SN12345678")),
        ("SN:12345678", maker("12345678")),
        ("sn 12345678", maker("12345678")),
        ("S/N: 12345678", maker("12345678")),
        (" 12345678\r\n", maker("12345678")),
    ],
)
def test_a_text_names_its_code(text: str, first: Code) -> None:
    assert codes.read(text).codes[0] == first


def test_the_raw_text_is_tried_before_what_is_left_without_its_prefix() -> None:
    reading = codes.read("]C0SN ABCD")
    assert reading.forms == ("]C0SN ABCD", "ABCD")
    assert codes.read("SN-1234").codes == (maker("SN-1234"),)


def test_a_serial_keeps_its_case_under_a_gtin_and_loses_it_without() -> None:
    assert codes.read("(01)09506000134352(21)ab").codes != codes.read("(01)09506000134352(21)AB").codes
    assert codes.read("abcd").codes == codes.read("ABCD").codes


@pytest.mark.parametrize(
    ("text", "miss"),
    [
        ("4006381333931", Miss.PRODUCT_CODE),
        ("]E04006381333931", Miss.PRODUCT_CODE),
        ("036000291452", Miss.PRODUCT_CODE),
        ("96385074", Miss.PRODUCT_CODE),
        ("4006381333932", Miss.UNKNOWN),
        (OWN, Miss.UNREGISTERED),
        (OWN[:-1] + ("0" if OWN[-1] != "0" else "1"), Miss.DAMAGED),
        ("JNE-0123456789", Miss.UNKNOWN),
        ("(01)09506000134352(21)Ab1", Miss.UNKNOWN),
        ("https://example.com/menu", Miss.FOREIGN),
        ("abc", Miss.FOREIGN),
        ("a" * 41, Miss.FOREIGN),
    ],
)
def test_only_a_miss_is_explained(text: str, miss: Miss) -> None:
    assert codes.read(text).miss == miss


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \r\n",
        "a\x00bcd",
        "a\x1bbcd",
        "ab\x7fcd",
        "a\tbcd",
        "\u0445123456",
        "\uff11\uff12\uff13\uff14\uff15",
        "a" * 513,
        "\ud800abcd",
        "\u00e9123",
    ],
)
def test_what_no_label_holds_is_refused_and_never_echoed(text: str) -> None:
    with pytest.raises(UnreadableTextError) as refused:
        codes.read(text)
    assert not text.strip() or text.strip() not in str(refused.value)


@given(st.text())
@example("(01")
@example("]d201")
@example("\x1d01")
@example("https://x/01/1/21/%")
@example("30" + "F" * 22)
@example("36" + "0" * 50)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reading = codes.read(text)
    except UnreadableTextError:
        return
    assert reading.miss in Miss
    assert isinstance(reading.product, str)


@given(st.text(alphabet="0123456789()]dC\x1d%/:ABFafhtps.", max_size=60).map(lambda tail: "01" + tail))
def test_whatever_looks_like_gs1_is_read_or_refused(text: str) -> None:
    for form in (text, f"({text}", f"]d2{text}", f"https://x/{text}"):
        assert codes.read(form).miss in Miss


@given(st.text(alphabet=CROCKFORD, min_size=12, max_size=12), st.integers(0, 12), st.sampled_from(CROCKFORD))
def test_every_wrong_character_is_found(body: str, place: int, wrong: str) -> None:
    serial = body + codes.check_character(body)
    damaged = serial[:place] + wrong + serial[place + 1 :]
    assert (codes.check_character(damaged[:-1]) == damaged[-1]) == (damaged == serial)


@given(st.text(alphabet=CROCKFORD, min_size=12, max_size=12))
def test_every_swap_of_neighbours_is_found(body: str) -> None:
    serial = body + codes.check_character(body)
    for place, (left, right) in enumerate(pairwise(serial)):
        swapped = serial[:place] + right + left + serial[place + 2 :]
        assert (codes.check_character(swapped[:-1]) == swapped[-1]) == (left == right)


def test_issued_serials_are_ours_distinct_and_printed_in_groups() -> None:
    issued = {codes.issue() for _ in range(1000)}
    assert len(issued) == 1000
    for serial in issued:
        assert codes.read(serial).codes[0] == Code(Scheme.OWN, "", serial)
        assert codes.read(codes.printed(serial)).codes[0].text == serial
        assert [len(group) for group in codes.printed(serial).split("-")] == [4, 4, 4, 3]


@pytest.mark.parametrize(("misread", "meant"), [("O", "0"), ("o", "0"), ("I", "1"), ("l", "1")])
def test_look_alikes_in_our_own_serials_are_put_right(misread: str, meant: str) -> None:
    body = meant * 12
    serial = "LN" + body + codes.check_character(body)
    typed = "LN" + misread * 12 + codes.check_character(body)
    assert codes.read(typed).codes[0].text == serial


def test_a_foreign_serial_is_printed_as_it_is() -> None:
    assert [codes.printed(text) for text in ("12345", "", "LN123")] == ["12345", "", "LN123"]


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        ("abC1", [maker("ABC1", "P"), gs1("abC1")]),
        ("SN: abC1", [maker("ABC1", "P"), gs1("abC1")]),
        ("(01)09506000134352(21)abC1", [gs1("abC1"), maker("ABC1", "P")]),
        ("(01)09506000134352(21)a", [gs1("a")]),
        ("a" * 21, [maker("A" * 21, "P")]),
        (OWN, [Code(Scheme.OWN, "", OWN)]),
    ],
)
def test_a_bare_serial_and_its_datamatrix_register_each_other(serial: str, expected: list[Code]) -> None:
    assert codes.serial_codes(serial, "P", GTIN) == expected


def test_a_product_without_gtin_has_bare_serials_only() -> None:
    assert codes.serial_codes("abC1", "P", "") == [maker("ABC1", "P")]


@pytest.mark.parametrize(
    ("serial", "why"),
    [("abc", "4 to 40"), ("a b c d", "4 to 40"), ("(01)04006381333931(21)A", "expected a code of GTIN 09506000134352")],
)
def test_what_cannot_be_a_serial_of_the_product_is_refused(serial: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        codes.serial_codes(serial, "P", GTIN)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("4006381333931", "04006381333931"),
        (" 036000291452 ", "00036000291452"),
        ("4006381333932", "4006381333932"),
        ("bag-1", "BAG-1"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "٤٠٠٦٣٨١٣٣٣٩٣١"),
    ],
)
def test_a_product_is_found_by_its_gtin_or_its_code(code: str, key: str) -> None:
    assert codes.product_key(code) == key


def test_registered_codes_win_in_the_order_of_certainty() -> None:
    reading = codes.read("(01)09506000134352(21)Ab12")
    assert reading.matches([("gs1", GTIN, "Ab12", 7), ("maker", "X", "AB12", 8)]) == [7]
    bare = codes.read("ab12")
    assert bare.matches([("maker", "X", "AB12", 8), ("maker", "Y", "AB12", 5)]) == [5, 8]
    assert bare.matches([("own", "", "AB12", 8), ("maker", "X", "AB13", 9)]) == []


@given(st.text(alphabet=string.ascii_letters + string.digits + "-._/", min_size=4, max_size=40))
def test_every_bare_serial_that_can_be_received_is_found_again(serial: str) -> None:
    registered = [(code.scheme.value, code.scope, code.text, 1) for code in codes.serial_codes(serial, "P", "")]
    assert codes.read(serial).matches(registered) == [1]
    assert codes.read(f"S/N {serial}").matches(registered) == [1]
