"""There is only one form of a value, whichever way it is written."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import canonical
from shared.roles import Role

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_is_what_any_json_library_writes_when_told_to(value: Any) -> None:
    assert canonical(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(canonical(value)) == value


def test_a_role_is_its_word_and_a_tuple_is_a_list() -> None:
    assert canonical({"role": Role.CASHIER, "by": ("a", 1)}) == '{"by":["a",1],"role":"cashier"}'
