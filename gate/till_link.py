"""Asks a till's server over connections that are kept open, and takes nothing for an answer that is not its.

Whatever goes wrong is a DatabaseError: to the gate it is all one whether the database, the server, or the way there is
silent. Redirects are not followed. Every request may be sent again: none of them does anything twice.
"""

import gzip
import http.client
import json
import ssl
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from shared.database import DatabaseError, DatabaseGoneError
from shared.follow_settings import FollowSettings
from shared.gate_wire import COPY_TYPE, DIGEST_HEADER, SCHEMA_HEADER, content_digest
from shared.schema import SCHEMA
from shared.settings import SettingsError

PATIENCE_SECONDS: Final = 5.0  # longer than the till's own patience with its database
LARGEST_ANSWER = 16 * 1024 * 1024
LONGEST_DETAIL = 300
JSON, PROBLEM = "application/json", "application/problem+json"
OK, REDIRECTS, NOT_FOUND = 200, range(300, 400), 404
TOKEN_REFUSED = {401, 403}

_Request = tuple[str, str, bytes | None, dict[str, str]]
_Exchange = tuple[http.client.HTTPConnection, http.client.HTTPResponse]


class TillLink:
    """The way to one till's server. For any thread; a connection serves one of them at a time."""

    def __init__(self, settings: FollowSettings, path: str, token: str) -> None:
        """`path`: what every address begins with. Raises SettingsError for a certificate that cannot be used."""
        self._settings = settings
        self._path = path
        self._headers = {"Authorization": f"Bearer {token}", SCHEMA_HEADER: SCHEMA}
        self._tls = _trust(settings) if settings.is_tls else None
        self._idle: deque[http.client.HTTPConnection] = deque()

    def close(self) -> None:
        """Let the idle connections go."""
        while self._idle:
            self._idle.popleft().close()

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """Send JSON, or nothing, and give the JSON of the answer. Raises DatabaseError."""
        return self.send(method, path, None if content is None else json.dumps(content).encode(), JSON)

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        """Send bytes of this media type, or nothing, and give the JSON of the answer. Raises DatabaseError."""
        with self._answer(method, path, body, kind) as answer:
            return self._read(answer)

    @contextmanager
    def lines(self, path: str) -> Iterator[Iterator[bytes]]:
        """The lines of an answer, as they come. They raise DatabaseGoneError where it is cut off."""
        with self._answer("GET", path, None, JSON) as answer:
            if answer.status != OK or answer.headers.get_content_type() != COPY_TYPE:
                self._read(answer)
                raise self._no_api(answer)
            yield self._unpacked(answer)

    @contextmanager
    def _answer(self, method: str, path: str, body: bytes | None, kind: str) -> Iterator[http.client.HTTPResponse]:
        """One answer. Its connection is kept after a good one that was read whole: after others, bytes may be left."""
        connection, answer = self._sent(method, path, body, kind)
        is_whole = False
        try:
            yield answer
            is_whole = answer.status == OK and answer.isclosed() and not answer.will_close
        finally:
            answer.close()
            if is_whole:
                self._idle.append(connection)
            else:
                connection.close()

    def _sent(self, method: str, path: str, body: bytes | None, kind: str) -> _Exchange:
        about = {} if body is None else {"Content-Type": kind, DIGEST_HEADER: content_digest(body)}
        request = (method, self._path + path, body, self._headers | about)
        with self._plain_faults():
            try:
                # The one that rested longest, so that none is closed for its idleness.
                connection = self._idle.popleft()
            except IndexError:
                return _asked(self._connection(), request)
            try:
                return _asked(connection, request)
            except (ConnectionError, ssl.SSLError):  # it was closed at the other end meanwhile
                return _asked(self._connection(), request)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._settings.address.host, self._settings.address.port
        if self._tls is None:
            return http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        return http.client.HTTPSConnection(host, port, timeout=PATIENCE_SECONDS, context=self._tls)

    def _read(self, answer: http.client.HTTPResponse) -> Any:
        with self._plain_faults():
            body = answer.read(LARGEST_ANSWER)
        digest = answer.headers.get(DIGEST_HEADER)
        if answer.length or digest not in {None, content_digest(body)}:
            raise DatabaseGoneError(f"the answer of {self} was cut off or changed on its way")
        if answer.headers.get_content_type() not in {JSON, PROBLEM} or (digest is None and answer.status == OK):
            raise self._no_api(answer)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            raise self._no_api(answer) from None
        if answer.status != OK:
            raise self._refusal(answer.status, told)
        return told

    def _unpacked(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        with self._plain_faults(), gzip.GzipFile(fileobj=answer) as unpacked:
            yield from unpacked

    def _refusal(self, status: int, told: Any) -> DatabaseError:
        """A problem document (RFC 9457), in words for the gate's status."""
        detail = str(told.get("detail", "")) if isinstance(told, dict) else ""
        why = "".join(character for character in detail[:LONGEST_DETAIL] if character.isprintable())
        if status in TOKEN_REFUSED:
            return DatabaseError(f"{self} refuses the gate's token: {why}")
        if status == NOT_FOUND:
            return DatabaseError(f"{self} knows nothing of gates. Is it a till's server, of the gate's own version?")
        return DatabaseGoneError(f"{self} answers {status}: {why}")

    def _no_api(self, answer: http.client.HTTPResponse) -> DatabaseError:
        if answer.status in REDIRECTS:
            return DatabaseError(f"{self} sends the gate elsewhere. Give the address of the till's server itself")
        kind = answer.headers.get_content_type()
        return DatabaseError(f"{self} answers as no till's server does ({answer.status} {kind}): see [gate] follow")

    @contextmanager
    def _plain_faults(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise DatabaseError(
                f"the certificate of {self} is not trusted: {error.verify_message}."
                " A certificate of the shop's own goes into [gate] ca_file"
            ) from error
        except (OSError, EOFError, zlib.error, http.client.HTTPException) as error:
            raise DatabaseGoneError(f"{self} does not answer: {str(error) or type(error).__name__}") from error

    def __str__(self) -> str:
        return str(self._settings)


def _asked(connection: http.client.HTTPConnection, request: _Request) -> _Exchange:
    try:
        connection.request(*request)
        return connection, connection.getresponse()
    except BaseException:
        connection.close()
        raise


def _trust(settings: FollowSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise SettingsError([f"gate.ca_file: {settings.ca_file} cannot be used: {error.strerror}"]) from error
    return context
