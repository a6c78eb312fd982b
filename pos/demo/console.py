"""What `lunas demo` prints, in the language of the terminal's locale."""

import os
from pathlib import Path

from babel.support import NullTranslations, Translations

from pos.demo.place import Ports
from pos.demo.shop import CASHIER, MANAGER, SECURITY

TRANSLATIONS = Path(__file__).with_name("translations")


def welcome(ports: Ports, wanted: Ports, folder: Path | None, token: str) -> str:
    """Which pages are where, how to sign in, what to do first; says which ports were taken by somebody else."""
    words = _words()
    people = ", ".join(f"{person.name} {person.pin}" for person in (CASHIER, SECURITY, MANAGER))
    lines = [
        "",
        words.gettext("Lunas is open. Start here, in a browser:"),
        "",
        _row(words.gettext("Shop floor"), f"http://127.0.0.1:{ports.floor}/"),
        _row(words.gettext("Till"), f"http://127.0.0.1:{ports.till}/"),
        _row(words.gettext("Gate screen"), f"http://127.0.0.1:{ports.gate}/"),
        _row(words.gettext("Sign in"), words.gettext("name and PIN: %(people)s") % {"people": people}),
        _row("API", f"http://127.0.0.1:{ports.till}/api/v1/openapi.json"),
        _row("", f"Authorization: Bearer {token}"),
        "",
        words.gettext("1 Carry the watch out: alarm. 2 Pay for it. 3 Carry it out: silence."),
    ]
    taken = [str(port) for port, got in zip(_numbers(wanted), _numbers(ports), strict=True) if port != got]
    if taken:
        lines.append(words.gettext("Other ports than usual: %(ports)s is in use.") % {"ports": ", ".join(taken)})
    if folder:
        lines.append(words.gettext("The shop is kept in %(folder)s.") % {"folder": folder})
    return "\n".join([*lines, words.gettext("Ctrl-C ends it."), ""])


def goodbye() -> str:
    """The end."""
    return _words().gettext("Closed. The siren is off.")


def _row(name: str, text: str) -> str:
    return f"  {name:<14}{text}"


def _numbers(ports: Ports) -> tuple[int, int, int]:
    return ports.till, ports.gate, ports.floor


def _words() -> NullTranslations:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Translations.load(TRANSLATIONS, [locale.partition("_")[0]])
