"""What a sale costs: no unit of money is lost or made, whatever is off, however it is taxed."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.till.pricing import Discount, Goods, Pricing, price, share_out
from shared.tax_settings import EXEMPT, GENERAL, INDONESIA, LUXURY, TaxRate, TaxSettings

TODAY = date(2026, 11, 25)
UNREGISTERED = TaxSettings()
INCLUSIVE = TaxSettings(registered=True)
ON_TOP = TaxSettings(registered=True, on_top=True)

discounts = st.one_of(
    st.none(),
    st.builds(Discount, amount=st.integers(1, 10**9)),
    st.builds(Discount, percent=st.integers(1, 10_000)),
)
goods = st.builds(
    Goods,
    price=st.integers(0, 10**9),
    quantity=st.integers(1, 999),
    tax_class=st.sampled_from([GENERAL, LUXURY, EXEMPT, "another"]),
    discount=discounts,
)
baskets = st.lists(goods, max_size=12)
days = st.dates(date(2022, 4, 1), date(2030, 1, 1))


def parts(found: Pricing) -> list[tuple[str, int, int, int]]:
    return [(part.rate.tax_class, part.net, part.taxed, part.tax) for part in found.taxes]


@given(baskets, discounts, st.sampled_from([UNREGISTERED, INCLUSIVE, ON_TOP]), days)
def test_what_the_lines_cost_is_what_is_paid(
    basket: list[Goods], discount: Discount | None, tax: TaxSettings, day: date
) -> None:
    found = price(basket, discount, tax, day)
    assert len(found.lines) == len(basket)
    assert found.total == sum(line.full for line in found.lines) - found.discount + found.tax * tax.on_top
    assert found.tax == sum(line.tax for line in found.lines)
    for line in found.lines:
        assert min(line) >= 0
        assert line.discount + line.share <= line.full
        assert line.amount == line.full - line.discount - line.share + line.tax * tax.on_top


@given(baskets, discounts, days)
def test_a_tax_in_the_prices_never_changes_the_total(basket: list[Goods], discount: Discount | None, day: date) -> None:
    without, within = (price(basket, discount, tax, day) for tax in (UNREGISTERED, INCLUSIVE))
    assert within.total == without.total
    assert without.taxes == ()
    for part in within.taxes:
        assert 0 <= part.tax <= part.net
        assert abs(part.tax - part.net * part.rate.effective) < 1


@given(baskets, discounts, days)
def test_a_tax_is_rounded_once_for_each_class_and_not_for_each_line(
    basket: list[Goods], discount: Discount | None, day: date
) -> None:
    found = price(basket, discount, ON_TOP, day)
    assert len({part.rate for part in found.taxes}) == len(found.taxes)
    for part in found.taxes:
        assert abs(part.tax - part.net * part.rate.effective) <= Fraction(1, 2)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), max_size=30))
def test_shares_are_exact_to_the_last_unit_and_fair_within_one(whole: int, weights: list[int]) -> None:
    shares = share_out(whole, weights)
    total = sum(weights)
    assert sum(shares) == (whole if total else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(whole * weight, total or 1)) < 1


@given(baskets, st.integers(1, 10_000))
def test_a_percentage_is_within_its_own_limit_on_every_line(basket: list[Goods], percent: int) -> None:
    plain = [one._replace(discount=None) for one in basket]
    whole = price(plain, Discount(percent=percent), UNREGISTERED, TODAY)
    each = price([one._replace(discount=Discount(percent=percent)) for one in plain], None, UNREGISTERED, TODAY)
    assert not any(line.is_more(line.discount + line.share, percent) for line in (*whole.lines, *each.lines))


def test_a_sales_discount_is_shared_out_over_what_the_lines_cost() -> None:
    basket = [Goods(100_000, 1, GENERAL, Discount(percent=5000)), Goods(100_000, 1, GENERAL), Goods(0, 3, GENERAL)]
    found = price(basket, Discount(amount=10_000), UNREGISTERED, TODAY)
    assert [(line.discount, line.share, line.amount) for line in found.lines] == [
        (50_000, 3333, 46_667),
        (0, 6667, 93_333),
        (0, 0, 0),
    ]
    assert (found.subtotal, found.share, found.discount, found.total) == (150_000, 10_000, 60_000, 140_000)


@pytest.mark.parametrize(
    ("day", "tax_class", "expected"),
    [
        (date(2024, 12, 31), GENERAL, (100_000, 100_000, 11_000)),
        (date(2025, 1, 1), GENERAL, (100_000, 91_667, 11_000)),
        (TODAY, GENERAL, (100_000, 91_667, 11_000)),
        (date(2025, 1, 31), LUXURY, (100_000, 91_667, 11_000)),
        (date(2025, 2, 1), LUXURY, (100_000, 100_000, 12_000)),
    ],
)
def test_indonesian_rates_hold_from_their_day_on(day: date, tax_class: str, expected: tuple[int, int, int]) -> None:
    net, _, tax = expected
    on_top = price([Goods(net, 1, tax_class)], None, ON_TOP, day)
    assert parts(on_top) == [(tax_class, *expected)]
    assert on_top.total == net + tax
    within = price([Goods(net + tax, 1, tax_class)], None, INCLUSIVE, day)
    assert parts(within) == [(tax_class, *expected)]
    assert within.total == net + tax


def test_exempt_goods_bear_no_tax_and_a_class_without_a_rate_is_taxed_as_general() -> None:
    basket = [Goods(111_000, 1, EXEMPT), Goods(111_000, 1, "nothing that was set"), Goods(112_000, 1, LUXURY)]
    found = price(basket, None, INCLUSIVE, TODAY)
    assert parts(found) == [(GENERAL, 100_000, 91_667, 11_000), (LUXURY, 100_000, 100_000, 12_000)]
    assert [line.tax for line in found.lines] == [0, 11_000, 12_000]


def test_a_shops_own_rate_goes_before_what_is_built_in() -> None:
    own = (TaxRate(GENERAL, date(2025, 1, 1), Fraction(10, 100)), TaxRate("reduced", TODAY, Fraction(5, 100)))
    tax = TaxSettings(registered=True, on_top=True, rates=(*INDONESIA, *own))
    found = price([Goods(1000, 1, GENERAL), Goods(1000, 1, "reduced")], None, tax, TODAY)
    assert [part.tax for part in found.taxes] == [100, 50]
    assert tax.classes == {GENERAL, LUXURY, EXEMPT, "reduced"}
