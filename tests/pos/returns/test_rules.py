"""The arithmetic of returns: exact to the last unit, and never more back than was paid."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from pos.returns.rules import pay_back, portion, ways_back
from pos.till.methods import Method
from pos.till.rounding import Rounding

amounts = st.integers(0, 10**9)
roundings = st.builds(Rounding, st.sampled_from([0, 50, 100, 500]), st.booleans())
ways = st.dictionaries(st.sampled_from(Method), amounts)


@given(amounts, st.lists(st.integers(1, 50), min_size=1, max_size=10))
def test_the_pieces_of_a_line_bring_back_all_that_was_paid_for_it(paid: int, steps: list[int]) -> None:
    of = sum(steps)
    before = 0
    parts = []
    for pieces in steps:
        parts.append(portion(paid, before, pieces, of))
        before += pieces
    assert sum(parts) == paid
    assert all(part >= 0 for part in parts)


@given(amounts, ways, roundings)
def test_a_value_goes_back_whole_but_for_what_cash_is_rounded_down_by(
    value: int, may: Mapping[Method, int], rounding: Rounding
) -> None:
    refunds, rounded = pay_back(value, may, rounding)
    assert sum(refund.amount for refund in refunds) - rounded == value
    assert -max(rounding.step - 1, 0) <= rounded <= 0
    assert all(refund.amount > 0 for refund in refunds)


@given(amounts, ways, roundings)
def test_no_way_gives_back_more_than_may_go_back_by_it(
    value: int, may: Mapping[Method, int], rounding: Rounding
) -> None:
    refunds, _ = pay_back(value, may, rounding)
    for refund in refunds:
        assert refund.method is Method.CREDIT or refund.amount <= may[refund.method]


@given(st.lists(st.tuples(st.sampled_from(Method), amounts)), ways)
def test_what_went_back_before_counts(paid: list[tuple[Method, int]], before: Mapping[Method, int]) -> None:
    for method, left in ways_back(paid, before).items():
        assert left == max(0, sum(amount for way, amount in paid if way is method) - before.get(method, 0))
