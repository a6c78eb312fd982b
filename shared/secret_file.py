"""Files that hold one secret each: no settings, no log and no command line ever show what is in them."""

import stat
from pathlib import Path

from shared.settings import SettingsError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LONGEST = 200


def read_secret(file: Path, setting: str, expected: str) -> str:
    """The secret that `setting` names the file of; `expected` is where its one line comes from.

    Raises SettingsError where the file cannot be read, may be read by others, or holds something else.
    """
    try:
        mode, content = file.stat().st_mode, file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SettingsError([f"{setting}: {file} cannot be read: {error.strerror}"]) from error
    if mode & OTHERS:
        raise SettingsError([f"{setting}: others may read {file}. Run: chmod 600 {file}"])
    secret = content.strip()
    if not 0 < len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise SettingsError([f"{setting}: expected one line in {file}, {expected}"])
    return secret


def read_token(file: Path) -> str:
    """The gate's token for the till's server. Raises SettingsError."""
    return read_secret(file, "gate.token_file", "as lunas token add GATE --role gate prints it")
