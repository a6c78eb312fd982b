"""A till's server as the source: what a gate asks and tells where it has no database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from gate.till_link import TillLink
from shared import gate_wire
from shared.follow_settings import FollowSettings
from shared.journal import Entry
from shared.ledger import Event, Head
from shared.secret_file import read_token
from shared.snapshots import JPEG, Snapshot
from shared.source import Copy, Truth
from shared.staff import Actor


class HttpSource:
    """Every method raises DatabaseError where the till's server, or its database, does not answer as it should."""

    file = None

    def __init__(self, settings: FollowSettings, gate: str) -> None:
        """Raises SettingsError for a token or a certificate that cannot be used. Does not connect."""
        self._link = TillLink(settings, f"/api/v1/gates/{gate}", read_token(settings.token_file))

    def close(self) -> None:
        """Let the connections go."""
        self._link.close()

    def introduce(self, *, armed: bool, policy: Mapping[str, str]) -> None:
        """Make the gate known with what its settings say; a person's decision goes before that."""
        self._link.ask("PUT", "", {"armed": armed, "policy": dict(policy)})

    def truths(self, items: Sequence[int]) -> list[Truth]:
        """What the source says of these units."""
        return gate_wire.hear_truths(self._link.ask("POST", "/truths", {"items": list(items)}))

    def product_picture(self, product: int) -> bytes | None:
        """What a product looks like, a JPEG; None where nobody gave it a picture."""
        return gate_wire.hear_picture(self._link.ask("GET", f"/products/{product}/picture"))

    def epoch(self) -> str:
        """The database's epoch: another one after it was put back to an earlier day."""
        return self.heads()[0]

    def heads(self) -> tuple[str, dict[tuple[str, str], Head]]:
        """The epoch, and how far every register's log goes."""
        return gate_wire.hear_heads(self._link.ask("GET", "/heads"))

    def people(self) -> list[Actor]:
        """Who may say what an incident was."""
        return gate_wire.hear_people(self._link.ask("GET", "/people"))

    def sign_in(self, person: str, pin: str) -> Actor | None:
        """The person, if the PIN is right and the role allows it."""
        found = gate_wire.hear_people(self._link.ask("POST", "/sign-in", {"person": person, "pin": pin}))
        return found[0] if found else None

    def newer(self, register: tuple[str, str], after: int, limit: int) -> list[Event]:
        """The register's next events."""
        store, name = register
        query = urlencode({"store": store, "register": name, "after": after, "limit": limit})
        return gate_wire.hear_events(self._link.ask("GET", f"/events?{query}"))

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """Everything as of one moment, streamed while the context is open."""
        with self._link.lines("/copy") as lines:
            yield gate_wire.read_copy(lines)

    def deliver(self, entries: Sequence[Entry], fresh: Collection[str]) -> set[str]:
        """Record journal entries, each once, and give the keys of fresh passages that should not have been."""
        told = [gate_wire.tell_entry(entry, is_fresh=entry.key in fresh) for entry in entries]
        return gate_wire.hear_refused(self._link.ask("POST", "/entries", {"entries": told}))

    def picture(self, snapshot: Snapshot) -> None:
        """Keep a picture of an alarm, once, for as long as it may be kept."""
        path = f"/snapshots/{snapshot.incident}/{snapshot.number}?at={snapshot.at}"
        self._link.send("PUT", path, snapshot.picture, JPEG)
