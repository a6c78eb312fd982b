"""What the shop floor's page shows, in the person's language, ready to be shown as text.

Told is a plain dict, drawn by the server at first and by the page's script from then on. Its shape:

    cards   by slot: tag and tone, serial, barcode's address, which of the two ways are shut (to_till, to_gate)
    cart    lines [name, amount], total, count, whether it can be paid       scanner  a hint, "" for none
    lamp    on | off | unknown, with a word and what the gate said last      steps    three times done or not
    story   [clock, text, hex] of what happened, the newest first
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from pos.demo import barcodes
from pos.demo.cashier import Scanner
from pos.demo.goods import Mark, Unit
from pos.demo.scene import STEPS, Scene
from pos.demo.story import Happening, What
from shared import codes
from shared.items import ItemState
from shared.pages import frame
from shared.pages.speech import gettext, ngettext

Told = dict[str, Any]
GS1_SERIAL_AT = len("]d2" + "01" + "00000000000000" + "21")
LATEST_MS = 10  # below this a tenth of a millisecond tells something


def tell(scene: Scene, currency: str, timezone: ZoneInfo) -> Told:
    """The scene in words."""
    return {
        "cards": {slot: _card(scene, unit) for slot, unit in scene.units.items()},
        "cart": _cart(scene, currency),
        "scanner": _scanner(scene.scanner),
        "is_elsewhere": scene.scanner is Scanner.ELSEWHERE,
        "lamp": _lamp(scene),
        "steps": [what in scene.steps for what in STEPS],
        "story": [(_clock(entry, timezone), _happened(entry), entry.hex) for entry in scene.story.told()],
    }


def kinds() -> dict[str, str]:
    """What the goods are, by slot."""
    return {
        "watch": gettext("Watch"),
        "shoes": gettext("Running shoes"),
        "headphones": gettext("Headphones"),
        "backpack": gettext("Backpack"),
        "kettle": gettext("Kettle"),
        "drill": gettext("Drill"),
        "carrier": gettext("Carrier bag"),
    }


def _card(scene: Scene, unit: Unit) -> Told:
    slot = unit.good.slot
    state = scene.states.get(slot)
    is_away = slot in scene.walking
    tag, tone = _tag(scene, unit, state)
    picture = barcodes.barcode(unit)
    return {
        "tag": tag,
        "tone": tone,
        "serial": _printed(unit.label),
        "barcode": url_for("barcode", slot=slot, label=unit.label),
        "width": picture.width,
        "height": picture.height,
        "to_till": state is not ItemState.DEPARTED,
        "to_gate": state is not ItemState.DEPARTED and not is_away,
        "gone": state is ItemState.DEPARTED,
    }


def _tag(scene: Scene, unit: Unit, state: ItemState | None) -> tuple[str, str]:
    if unit.good.mark is Mark.NONE:
        return gettext("By quantity"), ""
    if state is ItemState.PAID:
        return gettext("Paid"), "lunas"
    if state is ItemState.DEPARTED:
        return gettext("Left, paid"), "lunas"
    if any(line.item and line.item.serial == unit.serial for line in scene.cart.lines):
        return gettext("In the cart"), "look"
    return gettext("Not paid"), ""


def _cart(scene: Scene, currency: str) -> Told:
    lines = [
        (f"{line.product.name} ({line.quantity})" if line.quantity > 1 else line.product.name, line.amount)
        for line in scene.cart.lines
    ]
    count = scene.cart.count
    return {
        "lines": [(name, frame.money(amount, currency)) for name, amount in lines],
        "total": frame.money(scene.cart.total, currency),
        "count": ngettext("%(num)d item", "%(num)d items", count),
        "can_pay": bool(lines),
    }


def _scanner(scanner: Scanner) -> str:
    return {
        Scanner.HERE: "",
        Scanner.ELSEWHERE: gettext("The till's page is open and has the scanner: go on there."),
        Scanner.NOBODY: gettext("The till does not answer."),
    }[scanner]


def _lamp(scene: Scene) -> Told:
    said = _said(scene.gate) if scene.gate else gettext("Nothing has come to the gate yet.")
    if scene.lamp is None:
        return {"state": "unknown", "word": gettext("Gate: the relay has not spoken yet"), "said": said}
    if scene.lamp.is_on:
        return {"state": "on", "word": gettext("Gate: siren"), "said": said}
    return {"state": "off", "word": gettext("Gate: silent"), "said": said}


def _said(entry: Happening) -> str:
    """What the gate made of the last thing that came."""
    name = entry.name or _short(entry.serial)
    if entry.what is What.ALARM:
        return gettext("%(name)s: %(reason)s", name=name, reason=_alarm(entry.reason))
    return (
        gettext("%(name)s: paid", name=name)
        if entry.what is What.DEPARTED
        else gettext("%(name)s: let through", name=name)
    )


def _happened(entry: Happening) -> str:
    if entry.what is What.FRAME:
        return _switched(entry)
    if entry.what is What.RECEIVED:
        count = int(entry.reason)
        return ngettext("shelf: %(num)d new item received", "shelf: %(num)d new items received", count)
    serial = _short(entry.serial)
    if entry.what is What.REFUSED:
        return gettext("till: %(serial)s refused, %(reason)s", serial=serial, reason=_refusal(entry.reason))
    if entry.what is What.ALARM:
        return gettext("gate: %(serial)s %(reason)s, alarm", serial=serial, reason=_alarm(entry.reason))
    return {
        What.TILL_SCAN: gettext("till: label %(serial)s is read", serial=serial),
        What.IN_CART: gettext("till: %(serial)s in the cart", serial=serial),
        What.SOLD: gettext("till: %(serial)s paid", serial=serial),
        What.GATE_SCAN: gettext("gate: label %(serial)s is read", serial=serial),
        What.DEPARTED: gettext("gate: %(serial)s is paid and leaves in silence", serial=serial),
        What.PASSED: gettext("gate: %(serial)s let through (%(reason)s)", serial=serial, reason=entry.reason),
    }[entry.what]


def _switched(entry: Happening) -> str:
    if entry.reason == "off":
        return gettext("relay: siren off")
    if entry.late is None:
        return gettext("relay: siren on")
    late = f"{entry.late:.1f}" if entry.late < LATEST_MS else f"{entry.late:.0f}"
    return gettext("relay: siren on, %(late)s ms after the label", late=late)


def _refusal(reason: str) -> str:
    return {
        "already_paid": gettext("already paid"),
        "in_cart": gettext("already in the cart"),
        "unknown": gettext("unknown"),
    }.get(reason, reason)


def _alarm(reason: str) -> str:
    return {"unpaid": gettext("not paid"), "unconfirmed": gettext("perhaps not paid")}.get(reason, reason)


def _printed(label: str) -> str:
    """A label as people read it; of a GS1 one the serial, which comes after the GTIN."""
    return f"(21) {label[GS1_SERIAL_AT:]}" if label.startswith("]") else codes.printed(label)


def _short(label: str) -> str:
    serial = _printed(label)
    return f"{serial[:4]}…{serial[-3:]}" if codes.printed(label) != label else serial


def _clock(entry: Happening, timezone: ZoneInfo) -> str:
    return datetime.fromtimestamp(entry.at, UTC).astimezone(timezone).strftime("%H.%M.%S")
