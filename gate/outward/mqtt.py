"""An MQTT 3.1.1 broker: events at QoS 1, and two retained topics: how the gate is, and what it counted today.

paho's own thread keeps the connection, and sends again what was not acknowledged when it was cut. The session is kept
at the broker. The last will says `gone` in the retained state, which the first word after each connection replaces.
"""

import json
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gate.outward.courier import NotTakenError
from gate.outward.level import gone
from gate.outward.messages import Message
from shared.outward_settings import MqttSettings
from shared.secret_file import read_secret

ANSWER_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 15  # a broker misses a gate whose machine lost its power after one and a half of these
LONGEST_PAUSE = 30
COUNTS_SECONDS = 10.0
AT_LEAST_ONCE = 1


class Mqtt:
    """One broker."""

    name = "mqtt"
    patience: float | None = None
    longest_pause = 2.0  # paho makes the longer ones

    def __init__(self, settings: MqttSettings, store: str, gate: str) -> None:
        """Begin to connect. Raises SettingsError for a password, OSError for a certificate that cannot be used."""
        self._topic = f"{settings.topic}/{gate}"
        self._changed = threading.Condition()
        self._why = "not connected yet"
        self._acknowledged: deque[int] = deque(maxlen=64)
        self._sent = ("", 0)  # the id of the message that waits for its acknowledgement, and its number on the wire
        self._level = self._counts = ""
        self._counts_at = 0.0
        self._client = self._connecting(settings, f"lunas-{store}-{gate}", gate)

    def take(self, told: Message) -> None:
        """Return once the broker has acknowledged it. Raises NotTakenError; it is on its way all the same."""
        self._require_connection()
        if self._sent[0] != told.id:
            body = json.dumps(told.body, ensure_ascii=False)
            # Not in the lock: paho holds one of its own while it calls `_heard`.
            self._sent = told.id, self._client.publish(f"{self._topic}/{told.event}", body, AT_LEAST_ONCE).mid
        with self._changed:
            self._changed.wait_for(lambda: self._why or self._sent[1] in self._acknowledged, ANSWER_SECONDS)
            is_taken = self._sent[1] in self._acknowledged
        if not is_taken:
            raise NotTakenError(self._why or f"the broker has not acknowledged a message for {ANSWER_SECONDS:g} s")
        self._sent = "", 0

    def show(self, level: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        """Keep the retained topics as these are now."""
        told = json.dumps(level)
        is_new, self._level = told != self._level, told
        if is_new:
            self._publish_level()
        told = json.dumps(counts)
        if told != self._counts and not self._why and time.monotonic() - self._counts_at > COUNTS_SECONDS:
            self._counts, self._counts_at = told, time.monotonic()
            self._client.publish(f"{self._topic}/today", told, AT_LEAST_ONCE, retain=True)

    def _require_connection(self) -> None:
        if self._why:
            raise NotTakenError(self._why)

    def _publish_level(self) -> None:
        if self._level and not self._why:
            self._client.publish(f"{self._topic}/state", self._level, AT_LEAST_ONCE, retain=True)

    def _connecting(self, settings: MqttSettings, name: str, gate: str) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
        client.on_connect, client.on_disconnect, client.on_publish = self._connected, self._cut, self._heard
        client.on_connect_fail = self._unreachable
        client.will_set(f"{self._topic}/state", json.dumps(gone(gate)), AT_LEAST_ONCE, retain=True)
        if settings.username:
            client.username_pw_set(settings.username, _password(settings))
        if settings.is_tls:
            client.tls_set_context(ssl.create_default_context(cafile=settings.ca_file))
        client.reconnect_delay_set(1, LONGEST_PAUSE)
        client.connect_async(settings.address.host, settings.address.port, KEEP_ALIVE_SECONDS)
        client.loop_start()
        return client

    def _connected(
        self, _client: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._say(f"the broker refuses: {code}" if code.is_failure else "")
        self._publish_level()

    def _cut(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if not self._why:
            self._say(f"the connection is cut: {code}")

    def _unreachable(self, _client: Client, _data: Any) -> None:
        """Called by paho while it handles the error, which it does not pass on."""
        self._say(f"the broker cannot be reached: {sys.exception()}")

    def _heard(self, _client: Client, _data: Any, number: int, _code: ReasonCode, _properties: Properties) -> None:
        with self._changed:
            self._acknowledged.append(number)
            self._changed.notify_all()

    def _say(self, why: str) -> None:
        with self._changed:
            self._why = why
            self._changed.notify_all()


def _password(settings: MqttSettings) -> str | None:
    if settings.password_file is None:
        return None
    return read_secret(settings.password_file, "gate.mqtt.password_file", "the password of the broker's user")
