"""A webhook is posted and signed; only a 2xx means that it was taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.outward.courier import NotTakenError
from gate.outward.messages import Message
from gate.outward.webhook import Webhook, signature
from shared.outward_settings import WebhookSettings
from shared.table_reader import Address
from tests.servers.hook import SECRET, receiving

TOLD = Message("gate-1/00ff/9", "silenced", {"id": "gate-1/00ff/9", "event": "silenced", "incident": "ébène"})


def webhook(folder: Path, port: int, mode: int = 0o600) -> Webhook:
    secret = folder / "shop.secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(mode)
    return Webhook(WebhookSettings("shop", Address("127.0.0.1", port), False, "/in?from=gate", secret))


def test_a_message_is_posted_with_its_signature_and_its_id(tmp_path: Path) -> None:
    with receiving() as hook:
        webhook(tmp_path, hook.server_port).take(TOLD)
    assert (hook.taken, hook.forged) == ([dict(TOLD.body)], 0)


@pytest.mark.parametrize("status", [301, 400, 410, 500])
def test_what_is_not_answered_with_2xx_was_not_taken(tmp_path: Path, status: int) -> None:
    with receiving(status=status) as hook, pytest.raises(NotTakenError, match=f"expected 2xx, got {status}"):
        webhook(tmp_path, hook.server_port).take(TOLD)
    assert hook.refused == 1


def test_a_receiver_that_is_not_there_is_a_plain_reason(tmp_path: Path, free_port: Callable[[], int]) -> None:
    with pytest.raises(NotTakenError, match="refused"):
        webhook(tmp_path, free_port()).take(TOLD)


def test_a_secret_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    with receiving() as hook, pytest.raises(NotTakenError, match="chmod 600"):
        webhook(tmp_path, hook.server_port, mode=0o644).take(TOLD)
    assert (hook.taken, hook.refused) == ([], 0)


def test_the_signature_is_what_openssl_computes() -> None:
    """`printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac secret`."""
    by_openssl = "da8fe498621aaab99d5b11c51346b13d1a2bf2914b865b8d3edd3531cab25a3e"
    assert signature("secret", 1_790_000_000, b'{"a":1}') == f"t=1790000000,v1={by_openssl}"
