"""A server that takes e-mail, of a test's own."""

import ssl
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from email.message import EmailMessage

USER, PASSWORD = "shop", "open-sesame"
NOBODY = "nobody@example.com"  # whom it does not know


class MailServer:
    """Keeps what it was sent. `tls` is what TLS needs: from the first byte on if `at_once`, else once it is asked."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        self.sent: list[EmailMessage] = []
        self.logins: list[str] = []
        how: dict[str, Any] = {"ssl_context": tls, "auth_require_tls": False} if at_once else {}
        if tls and not at_once:
            how = {"tls_context": tls, "require_starttls": True, "auth_required": True}
        self._controller = Controller(self, hostname="127.0.0.1", port=port, authenticator=self._known, **how)
        self._controller.start()

    def stop(self) -> None:
        """End it."""
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - as the library calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse whom it does not know."""
        if address == NOBODY:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep it."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        self.sent.append(message)
        return "250 OK"

    def _known(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)
