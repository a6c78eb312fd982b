"""Subcommands of the whole shop: the database and its ledger."""

import click

from shared import settings, settings_file
from shared.command import Failure, load_settings, open_database
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
@click.pass_context
def verify_ledger(context: click.Context) -> None:
    """Check every chain of the ledger; name the first broken entry of each."""
    with open_database(load_settings(context)) as database:
        database.check_file()
        with database.snapshot() as connection:
            found = verify(connection)
    for broken in found.broken:
        click.echo(f"broken: {broken.where}: {broken.why}")
    click.echo(f"{found.entries} entries of {found.registers} registers and {found.items} items checked")
    if found.broken:
        raise Failure(f"the ledger does not hold: {found.broken[0].where} {found.broken[0].why}")


def _begin_settings(context: click.Context) -> None:
    given = context.find_root().obj
    places = (given,) if given else settings.PLACES
    if not any(place.exists() for place in places):
        settings_file.begin(places[0])
        click.echo(f"Wrote the settings to start from: {places[0]}")
