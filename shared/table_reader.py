"""One table of the settings at a time: checked values out, mistakes collected, unknown keys found. Pure."""

import difflib
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeGuard

NAME_LENGTH = 40
HIGHEST_PORT = 65535
ADDRESS = re.compile(r"(?:\[(?P<ip6>[0-9A-Fa-f:.]+)\]|(?P<host>[0-9A-Za-z.\-]+)):(?P<port>[0-9]{1,5})")
TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class TableReader:
    """Hands out checked values of one table, a default for each that is wrong, and collects the mistakes."""

    def __init__(self, path: str, values: Table, mistakes: list[str]) -> None:
        self._path = path
        self._values = values
        self._known: set[str] = set()
        self.mistakes = mistakes

    def mistake(self, key: str, message: str) -> None:
        """Note what is wrong with a key."""
        self.mistakes.append(f"{self._key(key)}: {message}")

    def text(self, key: str, default: str, longest: int) -> str:
        """Printable text that is not empty."""
        value = self._get(key, default)
        if not _is_text(value, longest):
            self.mistake(key, f"expected text of 1 to {longest} characters, got {value!r}")
            return default
        return value

    def optional_text(self, key: str, longest: int) -> str | None:
        """Printable text, None where there is no such key, "" for a mistake."""
        return self.text(key, "", longest) if key in self._values else self._get(key, None)

    def texts(self, key: str, most: int, longest: int) -> tuple[str, ...]:
        """A list of at most so many texts, none of them empty; none where there is no such key."""
        value = self._get(key, [])
        fits = isinstance(value, list) and len(value) <= most and all(_is_text(each, longest) for each in value)
        if not fits:
            self.mistake(key, f"expected a list of up to {most} texts of 1 to {longest} characters, got {value!r}")
        return tuple(value) if fits else ()

    def name(self, key: str, default: str) -> str:
        """A name that may stand in an event, a cursor and a receipt's number."""
        value = self.text(key, default, NAME_LENGTH)
        if not all(character.isalnum() or character in "-_." for character in value) or not value.isascii():
            self.mistake(key, f"expected letters, digits, - _ . only, got {value!r}")
            return default
        return value

    def choice(self, key: str, default: str, choices: Iterable[str]) -> str:
        """One of a few words."""
        value = self._get(key, default)
        if value not in choices:
            self.mistake(key, f"expected one of {', '.join(choices)}, got {value!r}")
            return default
        return str(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.mistake(key, f"expected true or false, got {value!r}")
            return default
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """A number from `least` to `most`."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.mistake(key, f"expected a number from {least:g} to {most:g}, got {value!r}")
            return default
        return float(value)

    def time_of_day(self, key: str) -> time | None:
        """A time of day, None where the table has none."""
        value = self._get(key, None)
        match = TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
        if value is not None and not match:
            self.mistake(key, f'expected a time of day such as "09:00", got {value!r}')
        return time(int(match[1]), int(match[2])) if match else None

    def day(self, key: str) -> date | None:
        """A day, None for a mistake."""
        value = self._get(key, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.mistake(key, f"expected a day such as 2025-01-01, without quotation marks, got {value!r}")
            return None
        return value

    def address(self, key: str, default: Address) -> Address:
        """Where to listen."""
        value = self._get(key, str(default))
        match = ADDRESS.fullmatch(value) if isinstance(value, str) else None
        if not match or not 0 < int(match["port"]) <= HIGHEST_PORT:
            self.mistake(key, f'expected "HOST:PORT" such as "127.0.0.1:8080", got {value!r}')
            return default
        return Address(match["ip6"] or match["host"], int(match["port"]))

    def has(self, key: str) -> bool:
        """Whether the table says anything of it."""
        return key in self._values

    def table(self, key: str) -> "TableReader":
        """A table to read on in."""
        return TableReader(self._key(key), self.driver(key), self.mistakes)

    def entry(self, key: str, values: Table) -> "TableReader":
        """One of the tables of a list, to read on in; its mistakes bear its name."""
        return TableReader(f"{self._key(key)} {values.get('name', '')}".rstrip(), values, self.mistakes)

    def driver(self, key: str) -> Table:
        """A table as it stands, for a driver to check."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            self.mistake(key, f"expected a table [{self._key(key)}], got {value!r}")
            return {}
        return value

    def tables(self, key: str) -> tuple[Table, ...]:
        """Tables of one kind, for drivers to check; their names differ, or what they have in place of one."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.mistake(key, f"expected tables [[{self._key(key)}]], got {value!r}")
            return ()
        names = [entry.get("name", entry.get("url")) for entry in value if entry.keys() & {"name", "url"}]
        if len(set(map(str, names))) != len(names):
            self.mistake(key, "expected a different name for each, got one twice")
        return tuple(value)

    def refuse_open_door(self, listen: Address, *, insecure: bool) -> None:
        """Note a server that other machines can reach without TLS, unless the settings say `insecure`."""
        if not listen.is_loopback and not insecure:
            self.mistake(
                "listen",
                f"{listen} can be reached from other machines without TLS. Put a TLS proxy before a loopback address,"
                " or say insecure = true",
            )

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                close = difflib.get_close_matches(key, self._known, n=1)
                known = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(sorted(self._known))}"
                self.mistake(key, f"unknown; {known}")

    def _get(self, key: str, default: Any) -> Any:
        self._known.add(key)
        return self._values.get(key, default)

    def _key(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _is_text(value: object, longest: int) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()
