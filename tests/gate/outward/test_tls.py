"""A broker and a receiver of webhooks whose certificate is the shop's own: told with its CA, and nobody else is."""

import gc
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gate.outward.courier import NotTakenError
from gate.outward.messages import Message
from gate.outward.mqtt import Mqtt
from gate.outward.webhook import Webhook
from shared.outward_settings import MqttSettings, WebhookSettings
from shared.table_reader import Address
from tests.servers.certificate import own_certificate
from tests.servers.hook import SECRET, receiving
from tests.servers.mosquitto import PASSWORD, USER, Broker
from tests.servers.waiting import wait_until

TOLD = Message("gate-1/00ff/9", "silenced", {"id": "gate-1/00ff/9", "event": "silenced", "incident": "ab12"})
UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """The shop's own certificate."""
    return own_certificate(tmp_path)


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """Another one for the same name."""
    (tmp_path / "others").mkdir()
    return own_certificate(tmp_path / "others")[0]


def webhook(folder: Path, port: int, trusted: Path | None, host: str = "localhost") -> Webhook:
    secret = folder / "shop.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    return Webhook(WebhookSettings("shop", Address(host, port), True, "/", secret, trusted))


def test_a_webhook_is_posted_to_whom_the_shops_own_ca_vouches_for(
    tmp_path: Path, own: tuple[Path, ssl.SSLContext]
) -> None:
    trusted, tls = own
    with receiving(tls=tls) as hook:
        webhook(tmp_path, hook.server_port, trusted).take(TOLD)
    assert (hook.taken, hook.forged) == ([dict(TOLD.body)], 0)


def test_nothing_is_posted_to_whom_it_does_not_vouch_for(
    tmp_path: Path, own: tuple[Path, ssl.SSLContext], others: Path
) -> None:
    trusted, tls = own
    with receiving(tls=tls) as hook:
        for anchor, host in ((others, "localhost"), (None, "localhost"), (trusted, "127.0.0.1")):
            with pytest.raises(NotTakenError, match=UNTRUSTED):
                webhook(tmp_path, hook.server_port, anchor, host).take(TOLD)
    assert (hook.taken, hook.refused, hook.forged) == ([], 0, 0)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_is_no_ca_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.crt"
    if content:
        file.write_text(content)
    with pytest.raises(NotTakenError, match=r"gate\.webhook shop\.ca_file: cannot use .*ca\.crt"):
        webhook(tmp_path, 9, file).take(TOLD)


@pytest.fixture
def broker(tmp_path: Path, own: tuple[Path, ssl.SSLContext], free_port: Callable[[], int]) -> Iterator[Broker]:
    """A real one that speaks TLS only."""
    started = Broker(tmp_path / "broker", free_port(), certificate=own[0])
    started.start()
    yield started
    started.kill()


@contextmanager
def mqtt(folder: Path, broker: Broker, trusted: Path) -> Iterator[Mqtt]:
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    connecting = Mqtt(MqttSettings(Address("localhost", broker.port), True, trusted, USER, password, "lunas"), "s", "g")
    yield connecting
    connecting._client.disconnect()
    connecting._client.loop_stop()


def test_a_broker_is_told_over_tls_and_acknowledges(
    tmp_path: Path, own: tuple[Path, ssl.SSLContext], broker: Broker
) -> None:
    def is_taken() -> bool:
        try:
            told.take(TOLD)
        except NotTakenError:
            return False
        return True

    with mqtt(tmp_path, broker, own[0]) as told:
        wait_until(is_taken, "the broker acknowledges")


# paho leaves a socket on which the handshake failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_the_ca_does_not_vouch_for_is_told_nothing(tmp_path: Path, broker: Broker, others: Path) -> None:
    def why() -> str:
        with pytest.raises(NotTakenError) as refused:
            told.take(TOLD)
        return str(refused.value)

    with mqtt(tmp_path, broker, others) as told:
        wait_until(lambda: UNTRUSTED in why(), "the certificate is refused")
    gc.collect()
