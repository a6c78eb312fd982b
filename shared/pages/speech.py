"""What pages say, in the language of the person who asked: Babel's functions with their types."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """The text in this request's language, with its `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for this number of things; `%(num)d` is the number."""
    return str(flask_babel.ngettext(one, many, num, **values))
