"""The source of truth as the gate uses it, from its own threads: the shop's database, or a till's server before it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from shared.journal import Entry
from shared.ledger import Event, Head
from shared.snapshots import Snapshot
from shared.source import Copy, Truth
from shared.staff import Actor


class Source(Protocol):
    """What a gate asks and tells. Every method raises DatabaseError where the source does not answer as it should."""

    @property
    def file(self) -> Path | None:
        """The database's file, where it is one of this machine."""

    def introduce(self, *, armed: bool, policy: Mapping[str, str]) -> None:
        """Make the gate known with what its settings say; a person's decision goes before that."""

    def truths(self, items: Sequence[int]) -> list[Truth]:
        """What the source says of these units."""

    def product_picture(self, product: int) -> bytes | None:
        """What a product looks like, a JPEG; None where nobody gave it a picture."""

    def epoch(self) -> str:
        """The database's epoch: another one after it was put back to an earlier day."""

    def heads(self) -> tuple[str, dict[tuple[str, str], Head]]:
        """The epoch, and how far every register's log goes."""

    def people(self) -> list[Actor]:
        """Who may say what an incident was."""

    def sign_in(self, person: str, pin: str) -> Actor | None:
        """The person, if the PIN is right and the role allows it."""

    def newer(self, register: tuple[str, str], after: int, limit: int) -> list[Event]:
        """The register's next events."""

    def copy(self) -> AbstractContextManager[Copy]:
        """Everything as of one moment, streamed while the context is open."""

    def deliver(self, entries: Sequence[Entry], fresh: Collection[str]) -> set[str]:
        """Record journal entries, each once, and give the keys of fresh passages that should not have been.

        `fresh` holds the keys of those that the gate saw a moment ago.
        """

    def picture(self, snapshot: Snapshot) -> None:
        """Keep a picture of an alarm, once, for as long as it may be kept."""
