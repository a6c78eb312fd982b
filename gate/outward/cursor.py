"""How far one destination was told, in a file of its own that is replaced at one stroke."""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from gate.outward.journal_reader import Place
from shared.whole_files import put_in_place

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to `place` was told; `lost` messages never were; in vain for so many seconds since the last one."""

    place: Place
    lost: int = 0
    vain: float = 0.0


class CursorFile:
    """The file of one destination."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> Cursor | None:
        """The cursor; None before the first was written. One that cannot be read is the journal's beginning."""
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
            return Cursor(Place(str(told["place"]["boot"]), int(told["place"]["n"])), int(told["lost"]), told["vain"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError) as error:
            log.warning("%s cannot be read (%s): all that the journal holds is told again", self._file, error)
            return Cursor(Place())

    def write(self, cursor: Cursor) -> None:
        """Keep it. Raises OSError."""
        draft = self._file.with_name(self._file.name + ".new")
        draft.write_text(json.dumps(asdict(cursor)), encoding="utf-8")
        put_in_place(draft, self._file)
