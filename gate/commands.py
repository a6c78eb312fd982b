"""Subcommands of the gate."""

import click

from shared.command import Failure, load_settings


@click.command("gate")
@click.pass_context
def gate(context: click.Context) -> None:
    """Watch the exit, until it is stopped."""
    from gate.program import run_gate  # noqa: PLC0415 - the command's help needs none of it
    from shared.journal import JournalError  # noqa: PLC0415 - as above

    try:
        run_gate(load_settings(context))
    except JournalError as error:
        raise Failure(f"gate.journal: {error}") from error
