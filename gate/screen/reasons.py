"""The gate's reasons in words, in the person's language."""

from typing import Any

from shared.closing_choices import OFF, UNTIL_ENDED
from shared.incidents import Fact
from shared.pages.speech import gettext, ngettext


def greeting(*, is_sure: bool) -> str:
    """What to say first. An alarm is a question, not an accusation."""
    if is_sure:
        return gettext("Greet kindly. It may have been missed at the till.")
    return gettext("Greet kindly, and please ask to see the receipt.")


def alarm(reason: str) -> str:
    """Why an item set the gate off."""
    return {
        "unpaid": gettext("not paid"),
        "unconfirmed": gettext("perhaps not paid"),
        "written_off": gettext("written off as lost or stolen"),
        "again": gettext("left before"),
        "twice": gettext("left before, and was not seen to come back"),
        "permit": gettext("out by a permit"),
        "receipt": gettext("on the receipt only"),
        "stray": gettext("read again and again"),
        "ambiguous": gettext("not clear which"),
        "bypass": gettext("carried out with a badge"),
    }.get(reason, reason)


def last_till(item: dict[str, Any], now: float) -> list[str]:
    """The till that had an item last and how long ago, `now` in seconds since 1970 UTC; nothing where none had it."""
    till, at = item["last_till"], item["last_till_at"]
    if not till:
        return []
    line = gettext("Last in the cart of %(till)s", till=till)
    return [f"{line}, {ago(max(0.0, now - at))}" if at else line]


def passage(outcome: str, reason: str) -> str:
    """What became of a passage, as a tag."""
    if outcome == "alarm":
        return alarm(reason).capitalize()
    if outcome == "check" and reason in {"walk", "test"}:
        return gettext("Failed")
    return {
        "paid": gettext("Paid"),
        "again": gettext("Out again"),
        "permit": gettext("Permit"),
        "receipt": gettext("On the receipt"),
        "bypass": gettext("By badge") if outcome == "pass" else gettext("Badge does not count"),
        "entered": gettext("Came in"),
        "twice": gettext("Left twice"),
        "unknown": gettext("Let through"),
        "foreign": gettext("Ignored"),
        "ambiguous": gettext("Not clear which"),
        "damaged": gettext("Damaged label"),
        "unregistered": gettext("Never received"),
        "stray": gettext("Too near the gate"),
        "walk": gettext("Walked"),
        "test": gettext("Tested"),
    }.get(reason, reason)


def tone(outcome: str, reason: str) -> str:
    """The tag's tone: `lunas`, `look`, `alarm` or none."""
    if outcome == "alarm":
        return "look" if reason == "unconfirmed" else "alarm"
    if outcome == "check":
        return "look"
    return "lunas" if reason in {"paid", "receipt", "walk", "test"} else ""


def check(reason: str) -> str:
    """What makes something worth a look."""
    untold = gettext("An output did not answer. Look after its cable and its board.")
    return {
        "walk": untold,
        "test": untold,
        "ambiguous": gettext("Several items bear this serial, and not all of them are paid."),
        "damaged": gettext("A character of the label came wrong. Let it be read once more."),
        "unregistered": gettext("It looks like a label of this shop, but nobody received such an item."),
        "bypass": gettext("It is void, or its holder may carry nothing out."),
        "twice": gettext("It left before, and nobody saw it come back. There may be two labels of one serial."),
        "stray": gettext("It was read again and again. If it stands there, move it away from the gate."),
    }.get(reason, "")


def nameless(reason: str) -> str:
    """What to call something that is no item of the shop."""
    if reason in {"damaged", "unregistered", "ambiguous"}:
        return gettext("A label of this shop")
    named = {
        "walk": gettext("Test label"),
        "test": gettext("Self-test"),
        "bypass": gettext("A badge"),
        "foreign": gettext("A product's code"),
    }
    return named.get(reason, gettext("Somebody else's label"))


def down(health: dict[str, Any]) -> list[str]:
    """Why the gate does not watch."""
    told = {
        "relay": gettext("The siren's relay does not answer: nobody would hear an alarm."),
        "journal": gettext("The journal cannot be written: what passes would be forgotten."),
        "replica": gettext("The list of items is still empty: the gate knows nothing yet."),
        "scanners": gettext("No scanner answers: the gate sees nothing."),
    }
    return [told.get(part, part) for part in health["down"]]


def degraded(health: dict[str, Any]) -> list[str]:
    """What is wrong while the gate watches on."""
    lines = [
        *(
            gettext("Scanner %(name)s does not answer; the others watch.", name=name)
            for name in _lost(health["scanners"])
        ),
        *(gettext("Output %(name)s does not answer; the others work.", name=name) for name in _lost(health["outputs"])),
    ]
    if health["clock"]["state"] != "ok":
        lines.append(gettext("The machine's clock is wrong: exit permits do not count until somebody sets it."))
    if health["walk"]["due"]:
        names = ", ".join(health["walk"]["due"])
        lines.append(gettext("Nobody has carried the test label past %(names)s today.", names=names))
    if health["snapshots"] and health["snapshots"]["state"] != "ok":
        lines.append(gettext("The camera does not answer: an alarm has no pictures. The gate watches on."))
    if health["button"] and health["button"]["state"] != "ok":
        lines.append(gettext("The button does not answer: silence an alarm on a screen until it does."))
    lines += [
        gettext("The link to %(name)s is down; what happens is kept, and told later.", name=name)
        for name in _lost(health["outward"])
    ]
    return lines + ([gettext("Something went wrong; it is in the gate's log.")] if health["faults"] else [])


def details(health: dict[str, Any]) -> list[str]:
    """What the devices themselves say, as it came."""
    parts = [*health["outputs"].values(), health["journal"], health["database"], *health["outward"].values()]
    parts += [health["clock"], *(health[part] for part in ("snapshots", "button") if health[part])]
    parts += health["tills"].values() if health["database"]["state"] != "ok" else []
    return [part["why"] for part in parts if part.get("why")] + list(health["faults"].values())


def _lost(parts: dict[str, Any]) -> list[str]:
    return [name for name, part in parts.items() if part["state"] != "ok"]


def fact(found: Fact) -> str:
    """What an alarm may turn out to be."""
    return {
        Fact.PAID_NOW: gettext("Paid at the till now"),
        Fact.GIVEN_BACK: gettext("The item was given back"),
        Fact.WAS_PAID: gettext("It had been paid: misread"),
        Fact.ON_RECEIPT: gettext("It is on the receipt"),
        Fact.STRAY: gettext("Stock too near the gate"),
        Fact.LEFT: gettext("Left with the item"),
        Fact.TEST: gettext("A test"),
    }[found]


def closing(choice: str) -> str:
    """For how long after-closing mode may be put on."""
    if choice == OFF:
        return gettext("End it")
    if choice == UNTIL_ENDED:
        return gettext("Until somebody ends it")
    return ngettext("For %(num)d hour", "For %(num)d hours", int(choice))


def at_the_till(incident: dict[str, Any]) -> str:
    """Where the sending of an incident's items to the till is, "" where nothing was sent."""
    name = incident["name"] or gettext("An item")
    return {
        "waits": gettext("%(name)s: waits for the database, then goes to the till", name=name),
        "sent": gettext("%(name)s: sent to the till", name=name),
        "paid": gettext("%(name)s: paid at the till now", name=name),
    }.get(incident["till"], "")


def ago(seconds: float) -> str:
    """How long ago something was."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return gettext("less than a minute ago")
    if minutes < 120:  # noqa: PLR2004 - two hours are better counted in hours
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    return ngettext("%(num)d hour ago", "%(num)d hours ago", minutes // 60)


def reply(told: str | None) -> str:
    """What went wrong with a word that somebody signed, "" where nothing did."""
    return {
        "resolved": "",
        "done": "",
        "unsigned": "",
        "wrong_pin": gettext("That PIN is not right. After five wrong ones the name is locked for 30 seconds."),
        "no_signature": gettext("The shop's database is silent, and nobody can sign. It stays on until its time."),
        "not_waiting": gettext("Somebody has said already what it was."),
    }.get(told or "", gettext("The gate's program does not answer. Nothing was written down; send it again."))
