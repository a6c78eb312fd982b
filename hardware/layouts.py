"""PURE. Which character each key of a keyboard means, in the layouts that scanners can be set to."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_NONE: Final = "∅"
# Row by row from the left (linux/input-event-codes.h): from ` to =, from Q to ], from A to the key beside Enter, from
# the key beside shift, which the US layout lacks, to /.
_POSITIONS: Final = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54))

Level = Mapping[int, str]
"""The character of each key code."""


class Layout(NamedTuple):
    """A keyboard layout: its characters alone, with shift, with AltGr.

    `dead` characters wait for the next: a space after one of them only sets it free.
    """

    plain: Level
    shifted: Level
    alt_gr: Level
    dead: str


def _level(rows: str) -> Level:
    characters = "".join(rows.split())
    pairs = zip(_POSITIONS, characters, strict=True)
    return {position: character for position, character in pairs if character != _NONE}


_US: Final = Layout(
    plain=_level(r"""
        `1234567890-=
        qwertyuiop[]
        asdfghjkl;'\
        <zxcvbnm,./
    """),
    shifted=_level("""
        ~!@#$%^&*()_+
        QWERTYUIOP{}
        ASDFGHJKL:"|
        >ZXCVBNM<>?
    """),
    alt_gr={},
    dead="",
)
_GERMAN: Final = Layout(
    plain=_level("""
        ^1234567890ß´
        qwertzuiopü+
        asdfghjklöä#
        <yxcvbnm,.-
    """),  # noqa: RUF001 - the acute accent of that key
    shifted=_level("""
        °!"§$%&/()=?`
        QWERTZUIOPÜ*
        ASDFGHJKLÖÄ'
        >YXCVBNM;:_
    """),
    alt_gr=_level(r"""
        ∅∅²³∅∅∅{[]}\∅
        @∅€∅∅∅∅∅∅∅∅~
        ∅∅∅∅∅∅∅∅∅∅∅∅
        |∅∅∅∅∅∅µ∅∅∅
    """),
    dead="^´`",  # noqa: RUF001 - as above
)
_FRENCH: Final = Layout(
    plain=_level("""
        ²&é"'(-è_çà)=
        azertyuiop^$
        qsdfghjklmù*
        <wxcvbn,;:!
    """),
    shifted=_level("""
        ∅1234567890°+
        AZERTYUIOP¨£
        QSDFGHJKLM%µ
        >WXCVBN?./§
    """),
    alt_gr=_level(r"""
        ∅∅~#{[|`\^@]}
        ∅∅€∅∅∅∅∅∅∅∅¤
        ∅∅∅∅∅∅∅∅∅∅∅∅
        ∅∅∅∅∅∅∅∅∅∅∅
    """),
    dead="^¨~`",
)

LAYOUTS: Final[Mapping[str, Layout]] = {"us": _US, "de": _GERMAN, "fr": _FRENCH}
"""`us`, `de` (T1) and `fr` (AZERTY), as Windows has them: what scanners call USA, Germany and France."""
