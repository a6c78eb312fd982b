"""Items move only as the table says."""

import pytest

from shared.items import TRANSITIONS, IllegalMoveError, ItemState, move
from shared.roles import Role

# transition: states before, state after, who may
TABLE = {
    "received_again": ("departed returned written_off", "in_stock", "clerk manager admin"),
    "sold": ("in_stock", "paid", "cashier manager admin"),
    "departed": ("paid", "departed", "gate"),
    "returned": ("paid departed", "returned", "cashier service manager admin"),
    "voided": ("paid", "in_stock", "cashier manager admin"),
    "restocked": ("returned quarantined in_transit", "in_stock", "clerk manager admin"),
    "quarantined": ("in_stock returned", "quarantined", "clerk service manager admin"),
    "sent": ("in_stock", "in_transit", "clerk manager admin"),
    "written_off": ("in_stock returned quarantined in_transit", "written_off", "manager admin"),
    "found": ("written_off", "in_stock", "manager admin"),
}


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(TRANSITIONS)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("role", Role)
def test_every_move(name: str, state: ItemState, role: Role) -> None:
    before, after, roles = TABLE[name]
    if state in before.split() and role in roles.split():
        assert move(name, state, role) == after
    else:
        with pytest.raises(IllegalMoveError, match=f"^{name}: expected"):
            move(name, state, role)
