"""Subcommands of backups."""

from datetime import UTC, datetime
from pathlib import Path

import click

from shared import heads
from shared.backup import back_up, name_at
from shared.backup_folder import heads_beside, keep_newest
from shared.command import Failure, load_settings, open_database
from shared.database import Database, reading_file
from shared.restore import Restored, restore
from shared.settings import Settings
from shared.signing_key import KeyFileError, SigningKey

MICROSECONDS = 1_000_000


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_context
def backup(context: click.Context, file: Path | None) -> None:
    """Back the shop up to a new FILE (or into a folder, named by the time), verified. Tills and gates go on.

    Without FILE: as the settings' [backup] says, with signed heads beside it, as the till's server does by itself.
    """
    chosen = load_settings(context)
    with open_database(chosen) as database:
        named = _automatic(chosen) if file is None else file
        named = named / name_at(datetime.now(UTC)) if named.is_dir() else named
        verdict = back_up(database, named)
    if file is None and chosen.backup:
        _sign(named, chosen.heads_key)
        keep_newest(chosen.backup.folder, chosen.backup.keep)
    click.echo(f"{named}: {verdict.entries} entries and {verdict.items} items, verified")


def _automatic(chosen: Settings) -> Path:
    """The settings' folder. Raises Failure where they have none."""
    if chosen.backup is None:
        raise Failure(f"expected a FILE, or a [backup] section in {chosen.file}")
    chosen.backup.folder.mkdir(parents=True, exist_ok=True)
    return chosen.backup.folder


def _sign(named: Path, key: Path) -> None:
    try:
        with reading_file(named) as connection:
            lines = heads.sign(connection, SigningKey.load_or_make(key))
    except KeyFileError as error:
        raise Failure(f"the backup is made, but its heads are not signed: {error}") from error
    heads_beside(named).write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Keep a shop that is there aside, and put the backup in its place.")
@click.pass_context
def restore_backup(context: click.Context, file: Path, replace: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Put a backup back into the settings' database. Gates notice, and deliver again what they saw since."""
    chosen = load_settings(context)
    aside = chosen.file.parent / name_at(datetime.now(UTC), "before-restore") if replace else None
    restored = restore(chosen.database_url, file, aside)
    for line in _told(restored, aside):
        click.echo(line)
    with Database(chosen.database_url) as database:
        click.echo(f"Ready: {database}")


def _told(restored: Restored, aside: Path | None) -> list[str]:
    verdict = restored.verdict
    newest = datetime.fromtimestamp(restored.newest / MICROSECONDS).astimezone()
    lines = [f"Put back and verified: {verdict.entries} entries and {verdict.items} items, the last of {newest:%c}."]
    lines += [f"Gate {name} is {'armed' if armed else 'on trial, silent'}." for name, armed in restored.gates]
    if aside and aside.exists():
        lines.append(f"What was there before is kept as {aside}")
    return [*lines, "Everybody has to sign in again."]
