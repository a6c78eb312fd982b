"""The file that holds the gate's token: no settings, no log and no command line ever show it."""

import stat
from pathlib import Path

from shared.settings import SettingsError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LONGEST = 200


def read_token(file: Path) -> str:
    """The token. Raises SettingsError where the file cannot be read, may be read by others, or holds something else."""
    try:
        mode, content = file.stat().st_mode, file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SettingsError([f"gate.token_file: {file} cannot be read: {error.strerror}"]) from error
    if mode & OTHERS:
        raise SettingsError([f"gate.token_file: others may read {file}. Run: chmod 600 {file}"])
    token = content.strip()
    if not 0 < len(token) <= LONGEST or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError([
            f"gate.token_file: expected one line in {file}, as lunas token add GATE --role gate prints it"
        ])  # fmt: skip
    return token
