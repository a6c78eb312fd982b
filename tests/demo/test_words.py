"""Every word of the gate's screen and of the demo is there in Indonesian, and what is shown is what was translated."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from babel.support import Translations

HOUSE = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2)}


@pytest.mark.parametrize("folder", ["gate/screen", "pos/demo"])
def test_every_word_is_there_in_indonesian(folder: str) -> None:
    found = extract_from_dir(str(HOUSE / folder), METHODS, keywords=KEYWORDS)
    wanted = {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}
    with (HOUSE / folder / "translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = [message for message in read_po(file, locale="id") if message.id]
    assert wanted == {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue}
    assert [message.id for message in catalogue if not message.string] == []


@pytest.mark.parametrize("folder", ["gate/screen", "pos/demo"])
def test_what_is_shown_is_what_was_translated(folder: str) -> None:
    compiled = Translations.load(HOUSE / folder / "translations", ["id"])
    with (HOUSE / folder / "translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file, locale="id"):
            if isinstance(message.id, str) and message.id:
                assert compiled.gettext(message.id) == message.string
