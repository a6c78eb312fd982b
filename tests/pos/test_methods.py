"""How payments meet a total, to the last rupiah."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.till.basket import Paid, PaymentError
from pos.till.credit_code import CreditCodeError, credit_id, new_code, printed, read_code
from pos.till.methods import Method, Settlement, check_references, rest, settle
from pos.till.rounding import UNROUNDED, Rounding

DOWN, NEAREST = Rounding(100), Rounding(100, is_down=False)
roundings = st.sampled_from([UNROUNDED, DOWN, NEAREST, Rounding(500), Rounding(50, is_down=False)])
amounts = st.integers(0, 2_000_000)
payments = st.lists(st.builds(Paid, st.sampled_from(list(Method)), amounts), max_size=5)


@pytest.mark.parametrize(
    ("rounding", "total", "due"),
    [
        (DOWN, 12_399, 12_300),
        (DOWN, 12_300, 12_300),
        (DOWN, 99, 0),
        (NEAREST, 12_349, 12_300),
        (NEAREST, 12_350, 12_400),
        (UNROUNDED, 12_399, 12_399),
    ],
)
def test_cash_is_rounded_as_the_shop_says(rounding: Rounding, total: int, due: int) -> None:
    assert rest(total, [], rounding).cash == due
    assert settle(total, [Paid("cash", due + 700)], rounding) == Settlement(due - total, 700)


def test_only_the_part_that_is_paid_in_cash_is_rounded() -> None:
    by_qris = Paid("qris", 50_050)
    left = rest(120_449, [by_qris], DOWN)
    assert (left.cash, left.rounding, left.cashless) == (70_300, -99, 70_399)
    assert settle(120_449, [by_qris, Paid("cash", 100_000)], DOWN).rounding == -99
    assert settle(120_449, [by_qris, Paid("card", 70_399)], DOWN).rounding == 0
    with pytest.raises(PaymentError, match="expected payments of 120449"):
        settle(120_449, [by_qris, Paid("card", 70_300)], DOWN)


@given(amounts, payments, roundings)
def test_every_rupiah_of_a_settled_sale_is_somewhere(total: int, paid: list[Paid], rounding: Rounding) -> None:
    received = sum(one.amount for one in paid if one.method == Method.CASH)
    cashless = sum(one.amount for one in paid) - received
    try:
        settled = settle(total, paid, rounding)
    except PaymentError:
        assert cashless > total or received + cashless < total + rounding.step
        return
    assert received + cashless == total + settled.rounding + settled.change
    assert cashless <= total
    assert 0 <= settled.change <= received
    assert abs(settled.rounding) <= max(0, rounding.step - 1)
    assert settled.rounding <= 0 or not rounding.is_down
    if not any(one.method == Method.CASH for one in paid):
        assert settled.rounding == settled.change == 0


@given(amounts, payments, roundings)
def test_who_pays_what_is_left_has_paid(total: int, taken: list[Paid], rounding: Rounding) -> None:
    cashless = sum(one.amount for one in taken if one.method != Method.CASH)
    if cashless > total:
        return
    left = rest(total, taken, rounding)
    assert settle(total, [*taken, Paid("cash", left.cash)], rounding).rounding == left.rounding
    settle(total, [*taken, Paid("qris", left.cashless)], rounding)
    if left.cash and left.rounding <= 0:
        with pytest.raises(PaymentError):
            settle(total, [*taken, Paid("cash", left.cash - 1)], rounding)


@pytest.mark.parametrize(
    ("paid", "reason"),
    [
        ([Paid("qris", 1)], "reference_missing"),
        ([Paid("transfer", 1, "  ")], "reference_missing"),
        ([Paid("credit", 1)], "reference_missing"),
        ([Paid("qris", 1, "RRN 12"), Paid("qris", 1, "rrn12")], "reference_twice"),
        ([Paid("credit", 1, "ab"), Paid("credit", 1, "ab")], "reference_twice"),
        ([Paid("qris", 1, "7"), Paid("transfer", 1, "7"), Paid("card", 1), Paid("card", 1)], ""),
        ([Paid("card", 1, "004217"), Paid("card", 1, "004217")], ""),
    ],
)
def test_a_payment_is_known_by_a_reference_of_its_own(paid: list[Paid], reason: str) -> None:
    if not reason:
        check_references(paid)
        return
    with pytest.raises(PaymentError) as refused:
        check_references(paid)
    assert refused.value.reason == reason


def test_a_credits_code_is_read_as_it_is_scanned_typed_or_misheard() -> None:
    code = new_code()
    assert read_code(code) == read_code(printed(code).lower()) == code
    assert read_code(code[:2] + code[2:].replace("0", "O").replace("1", "I")) == code
    assert credit_id(code) != credit_id(new_code())


@pytest.mark.parametrize("text", ["", "LC", "LN" + "0" * 13, "LC" + "é" * 13, "4111111111111111", "LC" + "0" * 14])
def test_what_is_no_credits_code_is_told_from_a_misread_one(text: str) -> None:
    with pytest.raises(CreditCodeError) as refused:
        read_code(text)
    assert not refused.value.is_damaged


def test_every_wrong_character_of_a_credits_code_is_found() -> None:
    code = new_code()
    for place in range(2, len(code)):
        other = "0" if code[place] != "0" else "7"
        with pytest.raises(CreditCodeError) as refused:
            read_code(code[:place] + other + code[place + 1 :])
        assert refused.value.is_damaged
