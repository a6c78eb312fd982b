"""Subcommands of the till and the back office."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

import click

from pos import lookup
from pos.office import bulk, labels, products, receiving
from pos.office.bulk import Columns, Job, Line, Remark, Report
from pos.office.item_card import ItemCard, find_cards
from pos.office.register import OFFICE
from shared import codes, ledger, receipt_keys, staff
from shared.command import Failure, load_settings, open_database
from shared.database import Database
from shared.ledger import Turn
from shared.roles import PEOPLE, Role
from shared.settings import Settings

T = TypeVar("T")
Take = Callable[[Turn, Sequence[Line]], list[Remark]]

BY_COMMAND = "command"  # the actor of what is done on the command line


@click.group("staff")
def staff_group() -> None:
    """People who work here."""


@staff_group.command("add")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in PEOPLE)), required=True, help="What the person may do."
)
@click.option("--pin", help="4 to 12 digits; - reads it from standard input; asked for when left out.")
@click.pass_context
def add_staff(context: click.Context, name: str, role: str, pin: str | None) -> None:
    """Add a person who signs in with a PIN."""
    chosen = load_settings(context)
    secret = _pin(pin)
    _office_turn(chosen, lambda turn: staff.add_person(turn, name, Role(role), secret))
    click.echo(f"Added {name} ({role})")


@click.group("token")
def token_group() -> None:
    """Programs that use the JSON API."""


@token_group.command("add")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in Role)), required=True, help="What the program may do."
)
@click.pass_context
def add_token(context: click.Context, name: str, role: str) -> None:
    """Print a new API token, once, alone on the last line."""
    token = _office_turn(load_settings(context), lambda turn: staff.add_token(turn, name, Role(role)))
    click.echo(f"Token for {name} ({role}); it is shown only now:", err=True)
    click.echo(token)


@click.group("receipt-key")
def receipt_key_group() -> None:
    """Keys that tills sign receipts with."""


@receipt_key_group.command("list")
@click.pass_context
def list_receipt_keys(context: click.Context) -> None:
    """Show the keys that are known, and whether they are retired."""
    with open_database(load_settings(context)) as database, database.reading() as connection:
        for key in receipt_keys.every(connection):
            click.echo(f"{key.id}  {key.state}")


@receipt_key_group.command("retire")
@click.argument("key")
@click.pass_context
def retire_receipt_key(context: click.Context, key: str) -> None:
    """Let receipts signed with a key count no more: gates say that the key is an old one."""
    try:
        _office_turn(load_settings(context), lambda turn: receipt_keys.retire(turn, key))
    except receipt_keys.UnknownKeyError:
        raise Failure(f"no till has made a key {key!r} known: lunas receipt-key list shows them") from None
    click.echo(f"{key} retired: receipts signed with it count no more")


@click.group("import")
def import_group() -> None:
    """Take data from files."""


@import_group.command("products")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def import_products(context: click.Context, file: Path) -> None:
    """List products from a CSV file with the columns code,name,price; also serialised,tax_class (more are allowed)."""
    chosen = load_settings(context)
    _take_file(chosen, file, products.COLUMNS, partial(products.take_lines, classes=chosen.tax.classes))


@import_group.command("pictures")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_context
def import_pictures(context: click.Context, folder: Path) -> None:
    """Take product pictures from a folder: JPEG, PNG or WebP files, each named by a product's code."""
    from pos.office import product_pictures  # noqa: PLC0415 - the other commands need no pictures

    taken = bad = 0
    with open_database(load_settings(context)) as database:
        for name, wrong in product_pictures.take_folder(database, folder):
            taken, bad = taken + (not wrong), bad + bool(wrong)
            if wrong:
                click.echo(f"{name}: {wrong}", err=True)
    click.echo(f"{taken} pictures taken, {bad} bad")
    if bad:
        raise Failure(f"{bad} pictures were bad; the others were taken")


@click.command("receive")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def receive(context: click.Context, file: Path) -> None:
    """Receive units from a CSV file with the columns serial,product; also batch,made_on,expires_on,warranty_months."""
    _take_file(load_settings(context), file, receiving.COLUMNS, receiving.take_lines)


@click.command("labels")
@click.option("--product", "code", required=True, help="The code of a listed product.")
@click.option("--count", type=click.IntRange(1, labels.MOST), required=True, help="How many units to receive.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
@click.pass_context
def print_labels(context: click.Context, code: str, count: int, out: Path) -> None:
    """Issue own serials, receive units under them, and write a sheet of labels to print."""
    from pos.office import label_sheet  # noqa: PLC0415 - the other commands print nothing

    if out.exists():
        raise Failure(f"{out} is there already: name another file, so that no labels are lost")

    def issue(turn: Turn) -> list[labels.Label]:
        product = lookup.find_product(turn.connection, code)
        if product is None:
            raise Failure(f"no product {code!r} is listed: list it with lunas import products")
        return labels.issue(turn, product, count)

    with out.open("xb") as sheet:  # before anything is received: units whose labels cannot be written are lost
        try:
            sheet.write(label_sheet.draw(_office_turn(load_settings(context), issue)))
        except BaseException:
            out.unlink()
            raise
    click.echo(f"{count} units received; their labels are in {out}")


@click.command("item")
@click.argument("serial")
@click.pass_context
def show_item(context: click.Context, serial: str) -> None:
    """Show a unit's state and history."""
    with open_database(load_settings(context)) as database, database.reading() as connection:
        cards = find_cards(connection, serial)
    for card in cards:
        _print_card(card)
    if not cards:
        raise Failure("no unit with this serial was received")


def _pin(given: str | None) -> str:
    if given is None:
        return str(click.prompt("PIN", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().strip() if given == "-" else given


def _office_turn(chosen: Settings, work: Callable[[Turn], T]) -> T:
    """Do something as the office, from the command line."""
    with open_database(chosen) as database:
        return _in_office(database, chosen, work)


def _in_office(database: Database, chosen: Settings, work: Callable[[Turn], T]) -> T:
    try:
        return ledger.take_turn(database, chosen.shop.store, OFFICE, BY_COMMAND, work)
    except staff.StaffError as error:
        raise Failure(str(error)) from error


def _take_file(chosen: Settings, file: Path, columns: Columns, take: Take) -> None:
    with (
        open_database(chosen) as database,
        file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines,
    ):
        size = file.stat().st_size
        with click.progressbar(length=size, label=file.name, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            job = Job(
                take=lambda chunk: _in_office(database, chosen, lambda turn: take(turn, chunk)),
                say=lambda remark: click.echo(f"line {remark.number}: {remark.text}", err=True),
                advance=bar.update,
            )
            report = _run(job, lines, columns)
    click.echo(f"{report.taken} lines taken, {report.bad} bad")
    if report.bad:
        raise Failure(f"{report.bad} lines were bad; the others were taken")


def _run(job: Job, lines: TextIO, columns: Columns) -> Report:
    try:
        return job.run(bulk.read_lines(lines, columns))
    except bulk.BadFileError as error:
        raise Failure(f"{lines.name}: {error}") from error


def _print_card(card: ItemCard) -> None:
    item = card.item
    click.echo(f"{codes.printed(item.serial)}  {item.product.name} ({item.product.code})  {item.state}")
    for entry in card.history:
        reason = f" ({entry['reason']})" if "reason" in entry else ""
        click.echo(f"  {entry['at']}  {entry['what']}{reason}  {entry['state']}  {entry['register']}  {entry['actor']}")


@click.command("till")
@click.pass_context
def till(context: click.Context) -> None:
    """Serve the till and the back office, until it is stopped."""
    from pos.server import run_till  # noqa: PLC0415 - the other commands need no web server

    chosen = load_settings(context)
    with Database(chosen.database_url) as database:
        run_till(chosen, database)
