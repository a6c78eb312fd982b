"""What there is to see on the shop floor, and how what happens changes it. Not for two threads at once."""

import time
from dataclasses import dataclass, field

from pos.demo.cashier import Scanner
from pos.demo.goods import Unit
from pos.demo.lamp import Frame
from pos.demo.observer import Look
from pos.demo.story import Happening, Story, What
from pos.till.cart_view import CartView
from shared.items import ItemState
from shared.ledger import Event

WALK_SECONDS = 3.5  # reads closer together are one passage to the gate: nobody walks out and back faster
PROMPT_SECONDS = 1.0  # a frame this soon after a label is the gate's answer to it
WATCH = "watch"
STEPS = (What.ALARM, What.SOLD, What.DEPARTED)
AT_GATE = {What.ALARM, What.DEPARTED, What.PASSED}


@dataclass(slots=True)
class Scene:
    """The shelf by slot, the till, the gate. `steps`: which of the three were done with the watch since the start."""

    units: dict[str, Unit]
    states: dict[str, ItemState] = field(default_factory=dict)
    cart: CartView = field(default_factory=lambda: CartView("", ()))
    scanner: Scanner = Scanner.NOBODY
    lamp: Frame | None = None
    gate: Happening | None = None
    steps: set[What] = field(default_factory=set)
    story: Story = field(default_factory=Story)
    _known: dict[int, Unit] = field(default_factory=dict)
    _walked: dict[str, float] = field(default_factory=dict)
    _walking: frozenset[str] = frozenset()

    @property
    def walking(self) -> frozenset[str]:
        """The slots whose units are at the gate just now."""
        now = time.monotonic()
        return frozenset(slot for slot, at in self._walked.items() if now - at < WALK_SECONDS)

    @property
    def gone(self) -> list[str]:
        """The slots whose units are not for sale any more."""
        return [slot for slot, state in self.states.items() if state is not ItemState.IN_STOCK]

    def begin(self, units: dict[str, Unit]) -> None:
        """These stand on the shelf now, and nothing was done yet."""
        self.units, self.states = units, {}
        self.steps, self.gate, self.story = set(), None, Story()
        self._walked.clear()

    def carry(self, unit: Unit, to: str) -> None:
        """A unit's label is held before a scanner."""
        if to == "gate":
            self._walked[unit.good.slot] = time.monotonic()
        self.story.add(Happening(What.GATE_SCAN if to == "gate" else What.TILL_SCAN, unit.label))

    def switch(self, frame: Frame) -> bool:
        """A frame reached the relay's board; whether the lamp changed."""
        was_on, self.lamp = self.lamp is not None and self.lamp.is_on, frame
        if frame.is_on == was_on:
            return False
        after = frame.monotonic - max(self._walked.values(), default=-PROMPT_SECONDS)
        late = after * 1000 if frame.is_on and after < PROMPT_SECONDS else None
        self.story.add(Happening(What.FRAME, reason="on" if frame.is_on else "off", hex=frame.hex, late=late))
        return True

    def see(self, look: Look) -> bool:
        """Take in how the shop is; whether anything is new."""
        self._known |= {item: self.units[slot] for slot, item in look.items.items()}
        for event in look.news:
            self._note(event)
        walking = self.walking
        before = (self.states, self.cart, self._walking)
        self.states, self.cart, self._walking = look.states, look.cart, walking
        return bool(look.news) or before != (look.states, look.cart, walking)

    def _note(self, event: Event) -> None:
        what, reason = _what(event)
        if what is None:
            return
        subject = event.subject if event.kind == "item" else event.facts().get("item")
        unit = self._known.get(int(subject)) if subject is not None else None
        serial, name = (unit.label, unit.good.name) if unit else (str(event.facts().get("serial", "")), "")
        happening = Happening(what, serial, name, reason)
        self.story.add(happening)
        if what in AT_GATE:
            self.gate = happening
        if what in STEPS and unit is not None and unit is self.units.get(WATCH):
            self.steps.add(what)


def _what(event: Event) -> tuple[What | None, str]:
    """What an event of the ledger is here, and why; None for what nobody wants to hear of."""
    if event.kind == "alarm":
        return What.ALARM, str(event.facts().get("reason", ""))
    if event.kind == "passage":
        return What.PASSED, event.what
    if event.kind == "item":
        return {"sold": What.SOLD, "departed": What.DEPARTED}.get(event.what), ""
    return None, ""
