"""JSON of which there is only one form: sorted keys, no spaces, no escapes that are not needed. Pure."""

import json
from collections.abc import Callable
from json import encoder
from typing import Any

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _quickest() -> Callable[[Any], str]:
    """Make the C encoder once: `JSONEncoder.encode` makes one for each call, which costs more than a short list."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return _ENCODER.encode
    encode = make(None, _ENCODER.default, encoder.encode_basestring, None, ":", ",", True, False, True)  # noqa: FBT003 - C takes them by position
    return lambda value: "".join(encode(value, 0))


canonical: Callable[[Any], str] = _quickest()
