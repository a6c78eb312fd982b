"""How the gate of this machine's settings is, asked at its own address."""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from shared.gate_settings import GateSettings

PATIENCE = 1.0  # seconds


def gate_health(gate: GateSettings) -> dict[str, Any] | None:
    """What its `/healthz` says, None where it does not answer."""
    try:
        with urllib.request.urlopen(f"http://{gate.listen}/healthz", timeout=PATIENCE) as answer:
            return _body(answer.read())
    except urllib.error.HTTPError as error:
        return _body(error.read())
    except (OSError, http.client.HTTPException):  # nothing there, or something that is no gate
        return None


def _body(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
