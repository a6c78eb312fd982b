"""An alarm, in the person's language: what it is, how to answer it, and where to say what it was."""

from typing import Any

from gate.screen import reasons
from shared import codes
from shared.pages import frame
from shared.pages.speech import gettext, ngettext

TAIL = 4
MOST_NAMED = 3


def tell(status: dict[str, Any], alarm: dict[str, Any]) -> dict[str, Any]:
    """What fills the screen while it lasts, `alarm` being the incident that the status tells of."""
    items = alarm["items"]
    newest = items[0]
    is_sure = any(item["reason"] != "unconfirmed" for item in items)
    lines = [*_about(newest, status), *_others(alarm, status["currency"])]
    return to_answer(alarm) | {
        "state": "alarm",
        "tone": "alarm" if is_sure else "look",
        "first": reasons.greeting(is_sure=is_sure),
        "word": newest["name"] or gettext("An item"),
        "picture": "" if newest["product"] is None else f"/picture/{newest['product']}",
        "about": reasons.alarm(newest["reason"]),
        "lines": lines,
    }


def to_answer(alarm: dict[str, Any] | None) -> dict[str, Any]:
    """What an alarm asks to be answered by, whatever else fills the screen."""
    if alarm is None or alarm["trial"]:
        return {}
    return {
        "act": gettext("Silence the siren") if alarm["sounding"] else gettext("Back to watching"),
        "ends": reasons.at_the_till(alarm) or _ends(alarm),
        "chime": "" if alarm["quiet"] else f"{alarm['incident']}:{alarm['count']}",
        "sounding": alarm["sounding"],
    }


def to_say(waiting: list[dict[str, Any]]) -> dict[str, Any]:
    """The way to say what an alarm was: the newest first."""
    if not waiting:
        return {}
    word = ngettext("What was it? (%(num)d waits)", "What was it? (%(num)d wait)", len(waiting))
    newest = waiting[0]
    told = {"say": f"incidents/{newest['incident']}", "say_word": word, "ends": reasons.at_the_till(newest)}
    if newest["till"] != "offered":
        return told
    return told | {"pay": f"incidents/{newest['incident']}/pay", "pay_word": gettext("Pay at the till")}


def _about(item: dict[str, Any], status: dict[str, Any]) -> list[str]:
    price = frame.money(item["price"], status["currency"])
    line = gettext("%(price)s, serial ends in %(tail)s", price=price, tail=_tail(item["serial"]))
    return [line, *reasons.last_till(item, status["time"])]


def _others(alarm: dict[str, Any], currency: str) -> list[str]:
    count, others = alarm["count"], alarm["items"][1:]
    if count <= 1:
        return []
    named = [item["name"] or codes.printed(item["serial"]) for item in others[:MOST_NAMED]]
    more = count - 1 - len(named)
    if more:
        named.append(ngettext("%(num)d more", "%(num)d more", more))
    total = frame.money(alarm["total"], currency)
    return [
        gettext("Also: %(names)s", names=", ".join(named)),
        gettext("%(count)d items, %(total)s in all", count=count, total=total),
    ]


def _ends(alarm: dict[str, Any]) -> str:
    if alarm["quiet"]:
        return gettext("Quiet alarm: nothing is heard here")
    if not alarm["sounding"]:
        return gettext("The siren is off")
    seconds = max(1, round(alarm["ends_in"]))
    return ngettext("Siren: %(num)d second more", "Siren: %(num)d seconds more", seconds)


def _tail(serial: str) -> str:
    """As much of a serial as two people can compare: the last group of our own, the last four of others."""
    groups = codes.printed(serial).split("-")
    return groups[-1] if len(groups) == TAIL and codes.printed(serial) != serial else serial[-TAIL:]
