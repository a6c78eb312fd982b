"""A webhook: each message is posted as JSON, signed with the secret that both ends know.

`Lunas-Signature: t=SECONDS,v1=HEX`: HMAC-SHA256, with the secret as key, over the text SECONDS, a full stop, and the
body as it was sent. SECONDS is when it was sent, so that a receiver can refuse what is old. `Lunas-Id` names
the message.
"""

import hashlib
import hmac
import http.client
import json
import ssl
import time
from contextlib import closing

from gate.outward.courier import NotTakenError
from gate.outward.messages import Message
from shared.outward_settings import WebhookSettings
from shared.secret_file import read_secret
from shared.settings import SettingsError

ANSWER_SECONDS = 10.0
PATIENCE_SECONDS = 7 * 24 * 3600.0
TAKEN = range(200, 300)


class Webhook:
    """Posts to one address. Any 2xx means taken; redirects are not followed."""

    patience: float | None = PATIENCE_SECONDS
    longest_pause = 300.0

    def __init__(self, settings: WebhookSettings) -> None:
        self.name = f"webhook {settings.name}"
        self._settings = settings

    def take(self, told: Message) -> None:
        """Return once it was answered with 2xx. Raises NotTakenError."""
        body = json.dumps(told.body, ensure_ascii=False).encode()
        status = self._post(body, {"Content-Type": "application/json", "Lunas-Id": told.id, **self._signed(body)})
        if status not in TAKEN:
            raise NotTakenError(f"expected 2xx, got {status}")

    def _signed(self, body: bytes) -> dict[str, str]:
        where = f"gate.{self.name}.secret_file"
        try:
            secret = read_secret(self._settings.secret_file, where, "the secret that the receiver has too")
        except SettingsError as error:
            raise NotTakenError(str(error)) from error
        return {"Lunas-Signature": signature(secret, round(time.time()), body)}

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            with closing(self._connection()) as connection:
                connection.request("POST", self._settings.path, body, headers)
                return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotTakenError(str(error) or type(error).__name__) from error

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._settings.address.host, self._settings.address.port
        if not self._settings.is_tls:
            return http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
        return http.client.HTTPSConnection(host, port, timeout=ANSWER_SECONDS, context=self._trust())

    def _trust(self) -> ssl.SSLContext:
        """Raises NotTakenError for a file of certificates that cannot be used."""
        file = self._settings.ca_file
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as error:
            raise NotTakenError(f"gate.{self.name}.ca_file: cannot use {file}: {error.strerror or error}") from error


def signature(secret: str, seconds: int, body: bytes) -> str:
    """The value of `Lunas-Signature` for this body, sent at this moment."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"
