"""What a gate needs to follow a till's server: its address and a token of its own."""

from pathlib import Path

from shared.follow_settings import FollowSettings
from shared.table_reader import Address


def following(address: Address, folder: Path, gate: str) -> FollowSettings:
    """Follow a till at this address, with the token in the folder."""
    return FollowSettings(address, False, folder / f"{gate}.token", None)


def token_file(folder: Path, gate: str, token: str) -> Path:
    """Write a gate's token down as its settings expect it."""
    file = folder / f"{gate}.token"
    file.touch(mode=0o600)
    file.write_text(token + "\n")
    return file
