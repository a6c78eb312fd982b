"""`[gate] follow`: the till's server that a gate follows in place of a database of its own."""

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
    given, token_file, ca_file = (reader.optional_text(key, LONGEST) for key in ("follow", "token_file", "ca_file"))
    if given is None:
        for key, value in (("token_file", token_file), ("ca_file", ca_file)):
            if value is not None:
                reader.mistake(key, 'expected follow = "https://HOST" beside it')
    if not given:
        return None
    url = _server(given)
    if url is None:
        reader.mistake("follow", f'expected the address of a till\'s server such as "https://till.lan", got {given!r}')
        return None
    is_tls = url.scheme == "https"
    address = Address(str(url.hostname), url.port or PORTS[url.scheme])
    if not (is_tls or address.is_loopback or insecure):
        reader.mistake("follow", f"{given} sends the gate's token without TLS. Use https, or say insecure = true")
    trusted = folder / ca_file if ca_file else None
    return FollowSettings(address, is_tls, folder / (token_file or f"{gate}.token"), trusted)


def _server(given: str) -> SplitResult | None:
    """The parts of `http(s)://HOST[:PORT]`, None where it is anything else."""
    try:
        url = urlsplit(given.removesuffix("/"))
        is_server = url.scheme in PORTS and url.netloc and url.port != 0 and not (url.path or url.query or url.fragment)
    except ValueError:
        return None
    return url if is_server and url.hostname and "@" not in url.netloc and given.isascii() else None
