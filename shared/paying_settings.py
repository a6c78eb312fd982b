"""`[paying]`: how cash is rounded, the shop's QRIS code, and the accounts that customers transfer to. Pure."""

from dataclasses import dataclass

from shared.table_reader import TableReader

DOWN, NEAREST = "down", "nearest"
WAYS = (DOWN, NEAREST)
LARGEST_STEP = 100_000
RUPIAH, RUPIAH_STEP = "IDR", 100  # the smallest coin that is still about
LONGEST_CODE = 512
MOST_ACCOUNTS, LONGEST_ACCOUNT = 5, 120


@dataclass(frozen=True, slots=True)
class QrisSettings:
    """`[paying.qris]`: what the shop's QR code holds; the till's program checks it."""

    code: str
    exact_amount: bool = False


@dataclass(frozen=True, slots=True)
class PayingSettings:
    """`[paying]`; `cash_rounding` in the currency's shop unit, 0 for none. Without `qris` or `accounts` no such way."""

    cash_rounding: int = RUPIAH_STEP
    is_rounded_down: bool = True
    qris: QrisSettings | None = None
    accounts: tuple[str, ...] = ()


def read_paying(reader: TableReader, currency: str) -> PayingSettings:
    """Read `[paying]`, `[paying.qris]` and `[paying.transfer]`; `currency` is the shop's."""
    usual = RUPIAH_STEP if currency == RUPIAH else 0
    step = round(reader.number("cash_rounding", usual, 0, LARGEST_STEP))
    way = reader.choice("cash_rounding_way", DOWN, WAYS)
    qris = _qris(reader.table("qris"), currency) if reader.has("qris") else None
    accounts = _accounts(reader.table("transfer")) if reader.has("transfer") else ()
    reader.finish()
    return PayingSettings(step, way == DOWN, qris, accounts)


def _qris(reader: TableReader, currency: str) -> QrisSettings:
    if not reader.has("code"):
        reader.mistake("code", "expected what the shop's QR code holds, 000201…, it is missing")
    code = reader.text("code", "-", longest=LONGEST_CODE)
    qris = QrisSettings(code, reader.flag("exact_amount", default=False))
    if currency != RUPIAH:
        reader.mistake("code", f"expected a shop that sells in {RUPIAH}, as QRIS does; this one sells in {currency}")
    reader.finish()
    return qris


def _accounts(reader: TableReader) -> tuple[str, ...]:
    accounts = reader.texts("accounts", most=MOST_ACCOUNTS, longest=LONGEST_ACCOUNT)
    reader.finish()
    if not accounts:
        reader.mistake("accounts", 'expected what customers transfer to, such as ["BCA 123 456 7890 a.n. Toko Kita"]')
    return accounts
