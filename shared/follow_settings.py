"""A till's server in a gate's settings: `[gate] follow`, in place of a database, and `[[gate.till]]`, to be asked."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from shared.table_reader import Address, TableReader

LONGEST = 500
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """Where the till's server is, the file of the gate's token, and that of a certificate to trust beside the usual."""

    address: Address
    is_tls: bool
    token_file: Path
    ca_file: Path | None

    def __str__(self) -> str:
        return f"{'https' if self.is_tls else 'http'}://{self.address}"


def read_follow(reader: TableReader, folder: Path, gate: str, *, insecure: bool) -> FollowSettings | None:
    """Read the keys `follow`, `token_file` and `ca_file`; None where the gate follows the database itself."""
    if reader.has("follow"):
        return _read(reader, "follow", folder / f"{gate}.token", insecure=insecure)
    for key in ("token_file", "ca_file"):
        if reader.optional_text(key, LONGEST) is not None:
            reader.mistake(key, 'expected follow = "https://HOST" beside it')
    return None


def read_tills(reader: TableReader, folder: Path, gate: str, *, insecure: bool) -> tuple[FollowSettings, ...]:
    """Read the tables `[[gate.till]]`: `url`, `token_file` and `ca_file`."""
    found = []
    for table in reader.tables("till"):
        entry = reader.entry("till", table)
        found.append(_read(entry, "url", folder / f"{gate}.token", insecure=insecure))
        entry.finish()
    return tuple(till for till in found if till)


def _read(reader: TableReader, key: str, token: Path, *, insecure: bool) -> FollowSettings | None:
    """A till's server and how to talk to it; paths lead beside `token`, the usual file. None where it is a mistake."""
    given, token_file, ca_file = (reader.optional_text(name, LONGEST) for name in (key, "token_file", "ca_file"))
    url = _server(given) if given else None
    if url is None:
        if given != "":  # the reader has told that one
            reader.mistake(key, f'expected the address of a till\'s server such as "https://till.lan", got {given!r}')
        return None
    is_tls = url.scheme == "https"
    address = Address(str(url.hostname), url.port or PORTS[url.scheme])
    if not (is_tls or address.is_loopback or insecure):
        reader.mistake(key, f"{given} sends the gate's token without TLS. Use https, or say insecure = true")
    trusted = token.parent / ca_file if ca_file else None
    return FollowSettings(address, is_tls, token.parent / token_file if token_file else token, trusted)


def _server(given: str) -> SplitResult | None:
    """The parts of `http(s)://HOST[:PORT]`, None where it is anything else."""
    try:
        url = urlsplit(given.removesuffix("/"))
        is_server = url.scheme in PORTS and url.netloc and url.port != 0 and not (url.path or url.query or url.fragment)
    except ValueError:
        return None
    return url if is_server and url.hostname and "@" not in url.netloc and given.isascii() else None
