"""A Mosquitto broker of a test's own, and somebody who listens to it."""

import json
import subprocess
import threading
from collections import deque
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.servers.waiting import wait_until

USER, PASSWORD = "gate", "open-sesame"
CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwords
user root
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
"""


class Broker:
    """Keeps its sessions over a kill; dies with the tests."""

    def __init__(self, folder: Path, port: int, certificate: Path | None = None) -> None:
        """With a certificate, whose key lies beside it, it speaks TLS only."""
        folder.mkdir()
        self.port = port
        self._file, self._log = folder / "mosquitto.conf", folder / "log"
        tls = f"certfile {certificate}\nkeyfile {certificate.with_suffix('.key')}\n" if certificate else ""
        self._file.write_text(CONFIGURATION.format(port=port, folder=folder) + tls)
        create = ["mosquitto_passwd", "-b", "-c", str(folder / "passwords"), USER, PASSWORD]
        subprocess.run(create, check=True, capture_output=True)

    def start(self) -> None:
        """Start it."""
        command = ["setpriv", "--pdeathsig", "KILL", "--", "/usr/sbin/mosquitto", "-c", str(self._file)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill it without a word."""
        self._process.kill()
        self._process.wait()


class Listener:
    """Hears every topic at QoS 1, in a session that the broker keeps while it is away.

    Attributes:
        heard: topic and content of each message, in order; retained ones too.
    """

    def __init__(self, broker: Broker) -> None:
        self.heard: deque[tuple[str, dict[str, Any]]] = deque()
        self._is_there = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="listener", clean_session=False)
        self._client.username_pw_set(USER, PASSWORD)
        self._client.on_connect, self._client.on_message = self._connected, self._hear
        self._client.on_subscribe = lambda *_: self._is_there.set()
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async("127.0.0.1", broker.port)
        self._client.loop_start()
        wait_until(self._is_there.is_set, "the broker takes a listener")

    def events(self, *names: str) -> list[dict[str, Any]]:
        """What came under these topics' last words, in order."""
        return [told for topic, told in list(self.heard) if topic.rpartition("/")[2] in names]

    def close(self) -> None:
        """Go away."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self, client: Client, _data: Any, _flags: ConnectFlags, _code: ReasonCode, _properties: Properties | None
    ) -> None:
        client.subscribe("#", 1)

    def _hear(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.heard.append((message.topic, json.loads(message.payload)))
