"""What the screen says: the daemon's status put into words, in the person's language, ready to be shown as text.

Told is a plain dict, drawn by the server at first and by the page's script from then on. Its shape:

    state   watching | trial | blind | check | alarm | receipt   tone  calm | quiet | look | alarm
    first   what to say or do first                         word  what fills the screen, `about` below it
    lines   what else there is to know                      details  what a technician wants to read
    lights  [name, is_on] of each part                      passages  [name, tag, tone, time] of the last ones
    act     what the button does, "" for none               ends  when the siren ends
    pay     where to send the items to the till, "" for none  pay_word  what the button says
    say     where to say what an alarm was, "" for none     say_word  what leads there
    clock   the shop's time                                 chime  a new text here asks for a sound, "" for none
    sounding  whether the siren is on
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gate.screen import alarm_words, bypass_words, reasons, receipt_words
from shared import codes
from shared.closing_choices import FOREVER
from shared.pages import words
from shared.pages.speech import gettext, ngettext

CHECK_SECONDS = 15.0  # how long something that wants a look fills the screen

Status = dict[str, Any]
Told = dict[str, Any]


def tell(status: Status | None, age: float, timezone: ZoneInfo, *, stale_seconds: float) -> Told:
    """Put the newest status, `age` seconds old, into words; None or a stale one means that nobody watches."""
    if status is None or age > stale_seconds:
        return _silent(status, timezone)
    told = _frame(status, timezone) | alarm_words.to_say(status["waiting"]) | _state(status, timezone)
    if status["health"]["down"] and told["state"] == "alarm":
        told["lines"] = [*told["lines"], *reasons.down(status["health"])]
    return told


def lost() -> Told:
    """What the page itself says when it hears nothing more."""
    return _blank() | {
        "state": "blind",
        "tone": "look",
        "first": gettext("Look at the receipts by hand until this is mended."),
        "word": gettext("Not watching"),
        "lines": [gettext("This page hears nothing from the gate. Look after its machine and the network.")],
    }


def _silent(status: Status | None, timezone: ZoneInfo) -> Told:
    told = lost() | {"lines": [gettext("The gate's program says nothing. Look after its machine.")]}
    if status is None:
        return told
    return told | {"gate": status["gate"], "shop": status["shop"], "passages": _passages(status, timezone)}


def _blank() -> Told:
    texts = dict.fromkeys(
        (
            "gate",
            "shop",
            "first",
            "word",
            "picture",
            "about",
            "act",
            "ends",
            "say",
            "say_word",
            "pay",
            "pay_word",
            "clock",
            "chime",
        ),
        "",
    )
    return texts | {"sounding": False, "lines": [], "details": [], "lights": [], "passages": []}


def _frame(status: Status, timezone: ZoneInfo) -> Told:
    """What stands around the state."""
    return _blank() | {
        "gate": status["gate"],
        "shop": status["shop"],
        "clock": words.clock(_time(status["time"], timezone)),
        "lights": _lights(status["health"]),
        "passages": _passages(status, timezone),
    }


def _state(status: Status, timezone: ZoneInfo) -> Told:
    """The one state that fills the screen; the worst first."""
    alarm = status["alarm"]
    if _is_newest(status["receipt"], status):
        return alarm_words.to_answer(alarm) | receipt_words.tell(status["receipt"], timezone)
    if alarm and not alarm["trial"]:
        return alarm_words.tell(status, alarm)
    if status["health"]["down"]:
        return _blind(status["health"])
    newest = status["passages"][0] if status["passages"] else None
    if newest and newest["outcome"] == "check" and status["time"] - newest["at"] < CHECK_SECONDS:
        return _check(newest)
    if status["bypass"]:
        return bypass_words.tell(status["bypass"]) | {"details": reasons.details(status["health"])}
    return _watching(status, timezone) if status["armed"] else _trial(status, alarm)


def _is_newest(receipt: dict[str, Any] | None, status: Status) -> bool:
    """Whether a receipt was shown just now, and nothing set the gate off since."""
    if receipt is None or status["time"] - receipt["at"] > receipt_words.SECONDS:
        return False
    alarm = status["alarm"]
    return alarm is None or alarm["trial"] or receipt["at"] >= max(item["at"] for item in alarm["items"])


def _blind(health: dict[str, Any]) -> Told:
    return {
        "state": "blind",
        "tone": "look",
        "first": gettext("Look at the receipts by hand until this is mended."),
        "word": gettext("Not watching"),
        "lines": reasons.down(health),
        "details": reasons.details(health),
    }


def _check(passage: dict[str, Any]) -> Told:
    return {
        "state": "check",
        "tone": "look",
        "first": "" if passage["reason"] in {"walk", "test"} else gettext("Have a friendly look at this item."),
        "word": passage["name"] or reasons.nameless(passage["reason"]),
        "about": reasons.passage(passage["outcome"], passage["reason"]),
        "lines": [reasons.check(passage["reason"])],
    }


def _watching(status: Status, timezone: ZoneInfo) -> Told:
    health = status["health"]
    lines = [_today(status["today"]), *_by_what_it_knows(status, timezone), *reasons.degraded(health)]
    told = {"state": "watching", "tone": "calm", "word": gettext("Watching"), "lines": lines}
    if status["closed_until"]:
        told |= {"word": gettext("After closing"), "first": _closed(status["closed_until"], timezone)}
    return told | {"details": [*_of_others(status["today"]), *reasons.details(health)]}


def _closed(until: int, timezone: ZoneInfo) -> str:
    if until == FOREVER:
        return gettext("What is not paid sounds the siren at once, until somebody ends it.")
    clock = words.clock(_time(until / 1_000_000, timezone))
    return gettext("What is not paid sounds the siren at once, until %(clock)s.", clock=clock)


def _trial(status: Status, alarm: dict[str, Any] | None) -> Told:
    lines = [
        gettext("The siren stays off. What would be an alarm is written down in silence."),
        _today(status["today"]),
    ]
    if alarm:
        item = alarm["items"][0]
        name = item["name"] or codes.printed(item["serial"])
        lines.append(
            gettext("Would be an alarm: %(name)s, %(reason)s", name=name, reason=reasons.alarm(item["reason"]))
        )
    health = status["health"]
    told = {"state": "trial", "tone": "quiet", "word": gettext("Trial"), "lines": [*lines, *reasons.degraded(health)]}
    return told | {"details": [*_of_others(status["today"]), *reasons.details(health)]}


def _today(counts: dict[str, int]) -> str:
    passed = counts["pass"] + counts["check"]
    if not passed and not counts["alarm"]:
        return gettext("Nothing has passed yet today.")
    seen = ngettext("%(num)d item passed today", "%(num)d items passed today", passed)
    alarms = ngettext("%(num)d alarm", "%(num)d alarms", counts["alarm"])
    return f"{seen}, {alarms}"


def _of_others(counts: dict[str, int]) -> list[str]:
    """How many labels were none of the shop's: many of them, and something stands in a scanner's view."""
    told = ngettext("%(num)d label of others today", "%(num)d labels of others today", counts["others"])
    return [told] if counts["others"] else []


def _by_what_it_knows(status: Status, timezone: ZoneInfo) -> list[str]:
    """The database is gone; the gate goes on by its replica, whose age is said."""
    if status["health"]["database"]["state"] == "ok":
        return []
    age = status["health"]["replica"]["age"]
    if age is None:
        return [gettext("The database does not answer. Works by what it knew when it was last here.")]
    since = words.clock(_time(status["time"] - age, timezone))
    return [
        gettext(
            "The database does not answer. Works by what it knows since %(clock)s, %(age)s.",
            clock=since,
            age=reasons.ago(age),
        )
    ]


def _lights(health: dict[str, Any]) -> list[tuple[str, bool]]:
    scanners = {gettext("Scanner %(name)s", name=name): part for name, part in health["scanners"].items()}
    outputs = {gettext("Output %(name)s", name=name): part for name, part in health["outputs"].items()}
    if len(outputs) == 1:
        outputs = {gettext("Siren"): health["relay"]}
    others = {gettext("Journal"): health["journal"], gettext("Database"): health["database"]}
    camera = {gettext("Snapshots"): health["snapshots"]} if health["snapshots"] else {}
    button = {gettext("Button"): health["button"]} if health["button"] else {}
    parts = scanners | outputs | camera | button | others | health["outward"]
    return [(word, part["state"] == "ok") for word, part in parts.items()]


def _passages(status: Status, timezone: ZoneInfo) -> list[tuple[str, str, str, str]]:
    return [_passage(passage, timezone) for passage in status["passages"]]


def _passage(passage: dict[str, Any], timezone: ZoneInfo) -> tuple[str, str, str, str]:
    name = passage["name"] or reasons.nameless(passage["reason"])
    outcome, reason = passage["outcome"], passage["reason"]
    at = _time(passage["at"], timezone).strftime("%H.%M.%S")
    return (name, reasons.passage(outcome, reason), reasons.tone(outcome, reason), at)


def _time(seconds: float, timezone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(timezone)
