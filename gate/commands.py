"""Subcommands of the gate."""

import click

from shared.command import Failure, load_settings


@click.command("gate")
@click.option("--relay-off", is_flag=True, help="Switch the relays off and end: for after a gate that was killed.")
@click.pass_context
def gate(context: click.Context, *, relay_off: bool) -> None:
    """Watch the exit, until it is stopped."""
    from gate.program import run_gate, switch_relays_off  # noqa: PLC0415 - the command's help needs none of it
    from hardware.errors import HardwareError  # noqa: PLC0415 - as above
    from shared.journal import JournalError  # noqa: PLC0415 - as above

    run = switch_relays_off if relay_off else run_gate
    try:
        run(load_settings(context))
    except HardwareError as error:
        raise Failure(f"gate.relay: {error}") from error
    except JournalError as error:
        raise Failure(f"gate.journal: {error}") from error
