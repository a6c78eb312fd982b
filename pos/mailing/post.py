"""Sending one e-mail through the server of the shop's settings (SMTP, RFC 5321)."""

import smtplib
import ssl
from email.message import EmailMessage
from enum import StrEnum

from shared.mail_settings import SUBMISSIONS, MailSettings
from shared.secret_file import read_secret
from shared.settings import SettingsError

TIMEOUT_SECONDS = 10.0  # at each step; a customer waits for the answer


class Trouble(StrEnum):
    """Why an e-mail was not sent."""

    UNREACHED = "unreached"  # the server did not answer, or broke off
    UNTRUSTED = "untrusted"  # it has no certificate that is trusted, or no TLS at all
    SETTINGS = "settings"  # it does not take the shop's user and password, or its sender
    ADDRESS = "address"  # it does not take the customer's address


class UnsentError(Exception):
    """An e-mail that was not sent."""

    def __init__(self, trouble: Trouble, why: object) -> None:
        self.trouble = trouble
        super().__init__(f"{trouble}: {why}")


def send(settings: MailSettings, message: EmailMessage) -> None:
    """Give the message to the server. Raises UnsentError; then nothing was sent."""
    try:
        with _connected(settings) as server:
            if settings.username and settings.password_file:
                password = read_secret(
                    settings.password_file, "mail.password_file", "the password of the e-mail's user"
                )
                server.login(settings.username, password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise UnsentError(Trouble.ADDRESS, error) from error
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, SettingsError) as error:
        raise UnsentError(Trouble.SETTINGS, error) from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise UnsentError(Trouble.UNTRUSTED, error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UnsentError(Trouble.UNREACHED, error) from error


def _connected(settings: MailSettings) -> smtplib.SMTP:
    host, port = settings.address.host, settings.address.port
    if not settings.is_tls:
        return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    trusted = _trusted(settings)
    if port == SUBMISSIONS:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trusted)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        server.starttls(context=trusted)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _trusted(settings: MailSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise UnsentError(Trouble.UNTRUSTED, f"mail.ca_file: {settings.ca_file} cannot be used: {error}") from error
