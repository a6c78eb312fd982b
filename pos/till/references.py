"""References that pay once: who gives the same one a second time is told which sale has it."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select, text

from pos.till.basket import Paid, SaleRefusedError
from pos.till.methods import ONCE, reference_key
from shared import schema
from shared.statements import Statement


def claim(connection: Connection, sale_id: str, payments: Iterable[Paid]) -> None:
    """Keep these references for the sale, or the open cart that will be it. Raises SaleRefusedError `reference_used`.

    The facts name the `number` of the receipt that has it, or the `till` whose open cart does.
    """
    wanted = {(paid.method, reference_key(paid.reference)): paid for paid in payments if paid.method in ONCE}
    for (method, key), paid in sorted(wanted.items()):
        if _CLAIM.run(connection, method=method, key=key, sale=sale_id).rowcount:
            continue
        owner, number, till = _OWNER.run(connection, method=method, key=key).one()
        if owner != sale_id:
            where = number or f"the open cart of {till or 'another till'}"
            why = f"expected a reference that was not used yet, this one is of {where}"
            facts = {"number": number or "", "till": till or ""}
            raise SaleRefusedError("reference_used", why, method=method, reference=paid.reference, **facts)


def release(connection: Connection, sale_id: str, paid: Paid) -> None:
    """Let go of the reference of a payment that the open cart gave back: the same money may pay another cart."""
    _RELEASE.run(connection, method=paid.method, key=reference_key(paid.reference), sale=sale_id)


_R, _S, _K = map(schema.table, (schema.PaymentReference, schema.Sale, schema.Cart))
_this = (_R.c.method == bindparam("method")) & (_R.c.key == bindparam("key"))
_CLAIM = Statement(
    text("INSERT INTO payment_reference (method, key, sale) VALUES (:method, :key, :sale) ON CONFLICT DO NOTHING")
)
_OWNER = Statement(
    select(_R.c.sale, _S.c.number, _K.c.register)
    .select_from(_R.outerjoin(_S, _S.c.id == _R.c.sale).outerjoin(_K, _K.c.id == _R.c.sale))
    .where(_this)
)
_RELEASE = Statement(delete(_R).where(_this, _R.c.sale == bindparam("sale")))
