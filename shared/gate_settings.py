"""`[gate]` of the settings.

Scanners, relays and the policy stay tables here: what they may say is their driver's business, or the gate's.
"""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from shared.follow_settings import FollowSettings, read_follow, read_tills
from shared.outward_settings import MqttSettings, WebhookSettings, read_mqtt, read_webhooks
from shared.scanner_ways import OUT, ScannerWays, read_ways, without_ways
from shared.table_reader import Address, Table, TableReader

LONGEST_ALARM = 60  # seconds; a relay is never on for longer without a new alarm's decision


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """`[gate.alarm]`: how long the relay is on, what an alarm that nobody could confirm does (`chime` or `siren`).

    With outputs for both, a chime becomes a siren after `siren_after` seconds without an answer, or at once with
    `siren_items` items or items worth `siren_value`; 0 is never. An alarm that begins with an item worth more than
    `quiet_over` is told on staff's screens first, and is heard at the gate only when it would be a siren.
    """

    seconds: float = 10.0
    unconfirmed: str = "chime"
    siren_after: float = 15.0
    siren_items: int = 3
    siren_value: int = 0
    quiet_over: int = 0


@dataclass(frozen=True, slots=True)
class GateSettings:
    """`[gate]`; `scanners`, `relay` and `outputs` are tables for the drivers. `walk_by`: when the daily walk is due.

    `ways`: where its scanners look; `policy`, `snapshots` and `button` are tables for the gate's program to check.
    `follow` is None where it follows the database itself; `tills` are asked too before an alarm.
    """

    name: str
    listen: Address
    insecure: bool
    journal: Path
    armed: bool
    scanners: tuple[Table, ...]
    relay: Table
    alarm: AlarmSettings
    walk_by: time | None = None
    ways: ScannerWays = OUT
    policy: Table = field(default_factory=dict)
    follow: FollowSettings | None = None
    tills: tuple[FollowSettings, ...] = ()
    outputs: tuple[Table, ...] = ()
    snapshots: Table = field(default_factory=dict)
    button: Table = field(default_factory=dict)
    mqtt: MqttSettings | None = None
    webhooks: tuple[WebhookSettings, ...] = ()

    @property
    def told_outside(self) -> list[str]:
        """What the ways outside are called: to each webhook, then to the broker."""
        return [f"webhook {hook.name}" for hook in self.webhooks] + (["mqtt"] if self.mqtt else [])


def read_gate(reader: TableReader, folder: Path) -> GateSettings:
    """Read the section; `folder` is where its relative paths lead."""
    name = reader.name("name", "gate-1")
    tables = reader.tables("scanner")
    insecure = reader.flag("insecure", default=False)
    gate = GateSettings(
        name=name,
        listen=reader.address("listen", Address("127.0.0.1", 8081)),
        insecure=insecure,
        journal=folder / reader.text("journal", f"{name}.journal", longest=500),
        armed=reader.flag("armed", default=False),
        scanners=without_ways(tables),
        ways=read_ways(reader, tables),
        relay=reader.driver("relay"),
        alarm=_alarm(reader.table("alarm")),
        policy=reader.driver("policy"),
        walk_by=reader.time_of_day("walk_by"),
        follow=read_follow(reader, folder, name, insecure=insecure),
        tills=read_tills(reader, folder, name, insecure=insecure),
        outputs=reader.tables("output"),
        snapshots=reader.driver("snapshots"),
        button=reader.driver("button"),
        mqtt=read_mqtt(reader, folder, insecure=insecure),
        webhooks=read_webhooks(reader, folder, insecure=insecure),
    )
    if not gate.scanners:
        reader.mistake("scanner", "expected at least one [[gate.scanner]]; a gate without one sees nothing")
    if not gate.relay and not gate.outputs:
        reader.mistake("relay", 'expected [gate.relay] with a kind, or [[gate.output]]; kind = "virtual" is a dry run')
    reader.refuse_open_door(gate.listen, insecure=gate.insecure)
    reader.finish()
    return gate


def _alarm(reader: TableReader) -> AlarmSettings:
    default = AlarmSettings()
    alarm = AlarmSettings(
        seconds=reader.number("seconds", default.seconds, 0.2, LONGEST_ALARM),
        unconfirmed=reader.choice("unconfirmed", default.unconfirmed, ("chime", "siren")),
        siren_after=reader.number("siren_after", default.siren_after, 0, 600),
        siren_items=round(reader.number("siren_items", default.siren_items, 0, 1000)),
        siren_value=round(reader.number("siren_value", default.siren_value, 0, 10**12)),
        quiet_over=round(reader.number("quiet_over", default.quiet_over, 0, 10**12)),
    )
    if 0 < alarm.siren_value <= alarm.quiet_over:
        reader.mistake("quiet_over", f"expected less than siren_value = {alarm.siren_value}, which is a siren at once")
    reader.finish()
    return alarm
