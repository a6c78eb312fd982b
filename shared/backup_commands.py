"""Subcommands of backups."""

from datetime import UTC, datetime
from pathlib import Path

import click

from shared.backup import back_up, name_at
from shared.command import load_settings, open_database
from shared.database import Database
from shared.restore import Restored, restore

MICROSECONDS = 1_000_000


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Back the shop up to a new FILE (or into a folder, named by the time), verified. Tills and gates go on."""
    chosen = load_settings(context)
    named = file / name_at(datetime.now(UTC)) if file.is_dir() else file
    with open_database(chosen) as database:
        verdict = back_up(database, named)
    click.echo(f"{named}: {verdict.entries} entries and {verdict.items} items, verified")


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
