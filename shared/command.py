"""The `lunas` command, assembled from entry points: each package brings its own subcommands.

Exit status: 0 done, 1 failed, 2 wrong use (of the command line or the settings). Errors are plain lines on stderr.
"""

import logging
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import click

from shared import settings
from shared.database import Database, DatabaseError

GROUP = "lunas.commands"
DONE, FAILED, WRONG_USE = 0, 1, 2


class Failure(Exception):  # noqa: N818 - it is how a command says that it failed
    """A command could not do its work; the message is for the person at the keyboard."""


class _Lunas(click.Group):
    """The subcommands of all packages, found when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *entry_points(group=GROUP).names])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Only the package whose command is asked for is imported."""
        for point in entry_points(group=GROUP, name=cmd_name):
            command: click.Command = point.load()
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Lunas, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file. Default: lunas.toml, then /etc/lunas/lunas.toml.",
)
@click.version_option(package_name="lunas")
@click.pass_context
def lunas(context: click.Context, config: Path | None) -> None:
    """Lunas: point of sale and anti-theft gate for shops in which every item has its own serial number."""
    context.obj = config


def load_settings(context: click.Context) -> settings.Settings:
    """The settings that the command line names. Raises SettingsError."""
    return settings.load(settings.find(context.find_root().obj))


def open_database(chosen: settings.Settings) -> Database:
    """The database of the settings, its schema checked. Raises DatabaseError."""
    database = Database(chosen.database_url)
    database.check_schema()
    return database


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its status."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        lunas.main(
            args=list(sys.argv[1:] if arguments is None else arguments), prog_name="lunas", standalone_mode=False
        )
        status = DONE
    except click.ClickException as error:
        error.show()
        status = WRONG_USE if isinstance(error, click.UsageError) else FAILED
    except settings.SettingsError as error:
        status = _say(error.mistakes, WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        status = _say(["stopped"], FAILED)
    except (Failure, DatabaseError, OSError) as error:
        status = _say([str(error)], FAILED)
    sys.exit(status)


def _say(lines: Sequence[str], status: int) -> int:
    for line in lines:
        click.echo(f"lunas: {line}", err=True)
    return status
