"""Subcommands that show what is plugged in."""

import click

from hardware.errors import DriverMissing
from hardware.inventory import FoundDevice, found_devices, settings_for

_TABLES = {"scanner": "[[gate.scanner]]  # or [[till.scanner]]", "relay": "[gate.relay]"}


@click.command("devices")
def devices() -> None:
    """List scanners, relay boards and cameras, with the settings to paste."""
    try:
        found = found_devices()
    except DriverMissing as error:
        raise click.ClickException(str(error)) from error
    for device in found:
        click.echo(f"{described(device)}\n")
    if not found:
        click.echo("Nothing that Lunas can use is plugged in.")


def described(device: FoundDevice) -> str:
    """Return the lines that tell a person what a device is, what is wrong with it, and how to use it."""
    lines = [f"{device.kind}: {device.description}", *_remarks(device)]
    if device.path:
        lines += [line for role in device.roles for line in ("", *_table(device, role))]
    return "\n".join(lines)


def _remarks(device: FoundDevice) -> list[str]:
    remarks = [f"  ! {device.trouble}"] if device.trouble else []
    if "/by-path/" in device.path or "/lunas/relay-" in device.path:
        remarks.append("  It is named by the USB socket that it is in: leave it in that one.")
    if device.kind == "keyboard":
        remarks.append("  Everything typed on it goes to Lunas: never name the keyboard that people type on.")
    return remarks


def _table(device: FoundDevice, role: str) -> list[str]:
    name = [f'  name = "{device.kind}"'] if role == "scanner" else []
    pairs = [f'  {key} = "{value}"' for key, value in settings_for(device, role).items()]
    return [f"  {_TABLES[role]}", *name, *pairs]
