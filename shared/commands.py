"""Subcommands of the whole shop: the database and its ledger."""

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection

from shared import heads, settings, settings_file
from shared.command import Failure, load_settings, open_database
from shared.differences import Broken
from shared.settings import Settings
from shared.signing_key import KeyFileError, SigningKey
from shared.upgrade import upgrade
from shared.verify import verify


@click.command("init")
@click.pass_context
def init(context: click.Context) -> None:
    """Create the database, or bring it to this program's schema; write the settings where there are none yet.

    Safe to repeat.
    """
    _begin_settings(context)
    chosen = load_settings(context)
    upgrade(chosen.database_url)
    with open_database(chosen) as database:
        click.echo(f"Ready: {database}")


@click.command("verify")
@click.option(
    "--heads",
    "kept",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Heads that `lunas heads` signed earlier: the ledger must still hold them.",
)
@click.pass_context
def verify_ledger(context: click.Context, kept: Path | None) -> None:
    """Check every chain of the ledger and every row against it; name the first broken entry of each."""
    chosen = load_settings(context)
    with open_database(chosen) as database:
        database.check_file()
        with database.snapshot() as connection:
            found = verify(connection)
            broken = found.broken + (_compare(connection, kept, chosen) if kept else [])
    for each in broken:
        click.echo(f"broken: {each.where}: {each.why}")
    click.echo(f"{found.entries} entries of {found.registers} registers and {found.items} items checked")
    if broken:
        raise Failure(f"the ledger does not hold: {broken[0].where} {broken[0].why}")


@click.command("heads")
@click.option("--out", type=click.Path(path_type=Path), help="A new file to write them to; else they are printed.")
@click.pass_context
def sign_heads(context: click.Context, out: Path | None) -> None:
    """Sign how far every register's log goes. Keep the lines where nobody who can edit the database can reach them."""
    chosen = load_settings(context)
    with open_database(chosen) as database, database.snapshot() as connection:
        lines = heads.sign(connection, _key(chosen.heads_key, SigningKey.load_or_make))
    if out is None:
        click.echo("\n".join(lines))
        return
    with out.open("x", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)
    click.echo(f"{out}: the heads of {len(lines)} registers, signed")


def _compare(connection: Connection, kept: Path, chosen: Settings) -> list[Broken]:
    lines = kept.read_text(encoding="utf-8", errors="replace").splitlines()
    compared = heads.compare(connection, lines, _key(chosen.heads_key, SigningKey.load))
    click.echo(f"{compared.kept} kept heads compared")
    return compared.broken


def _key(file: Path, get: Callable[[Path], SigningKey]) -> SigningKey:
    try:
        return get(file)
    except KeyFileError as error:
        raise Failure(str(error)) from error


def _begin_settings(context: click.Context) -> None:
    given = context.find_root().obj
    places = (given,) if given else settings.PLACES
    if not any(place.exists() for place in places):
        settings_file.begin(places[0])
        click.echo(f"Wrote the settings to start from: {places[0]}")
