"""`[mail]`: the server that takes the e-mail of the shop."""

from dataclasses import dataclass
from pathlib import Path

from shared.mail_address import is_mail_address
from shared.table_reader import HIGHEST_PORT, Address, TableReader

LONGEST = 500
SUBMISSION = 587  # RFC 6409; TLS begins after the greeting (RFC 3207)
SUBMISSIONS = 465  # RFC 8314; TLS from the first byte


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`[mail]`: `sender` is whose address the e-mail bears. Without TLS only to this machine."""

    address: Address
    is_tls: bool
    ca_file: Path | None
    username: str | None
    password_file: Path | None
    sender: str


def read_mail(reader: TableReader, folder: Path) -> MailSettings:
    """Read `[mail]`."""
    address = Address(
        reader.text("host", "localhost", LONGEST), round(reader.number("port", SUBMISSION, 1, HIGHEST_PORT))
    )
    is_tls = reader.flag("tls", default=True)
    ca_file, username = reader.optional_text("ca_file", LONGEST), reader.optional_text("username", LONGEST)
    password_file = reader.optional_text("password_file", LONGEST)
    sender = reader.text("from", "-", LONGEST)
    if not is_mail_address(sender):
        reader.mistake("from", f'expected whose address the e-mail bears, such as "shop@example.com", got {sender!r}')
    if not (is_tls or address.is_loopback):
        reader.mistake("tls", f"receipts would go to {address} without TLS. Say tls = true")
    if ca_file and not is_tls:
        reader.mistake("ca_file", "expected tls = true beside it")
    if bool(password_file) != bool(username):
        reader.mistake("password_file", "expected username and password_file both, or neither")
    reader.finish()
    trusted, password = folder / ca_file if ca_file else None, folder / password_file if password_file else None
    return MailSettings(address, is_tls, trusted, username, password, sender)
