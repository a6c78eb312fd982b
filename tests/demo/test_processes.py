"""The demo's processes: they start together, and end together however it ends."""

import os
import signal
import socket
from pathlib import Path

from tests.demo.opened import Demo
from tests.servers.postgres import is_alive
from tests.servers.program import Program, health
from tests.servers.waiting import wait_until


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_the_till_and_the_gate_are_processes_of_their_own(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        commands = [Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in demo.processes()]
        assert sorted(command[-2] for command in commands if "--config" in command) == ["gate", "till"]
        assert health(demo.till)[1]["scanners"] == {"counter": {"state": "ok"}}
        assert health(demo.gate)[1]["relay"]["state"] == "ok"


def test_a_killed_demo_leaves_no_process_and_no_busy_port_and_starts_again(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        children, ports = demo.processes(), demo.ports
        demo.program.kill()
        # A killed process may still hold its port for an instant after it counts as dead: its threads end one by one.
        wait_until(
            lambda: not any(map(is_alive, children)) and all(map(is_free, ports)), "nothing is left", seconds=1.0
        )
    with Demo(tmp_path) as again:
        assert again.ports == ports
        assert health(again.gate)[0] == 200


def test_ctrl_c_ends_everything_with_the_relay_off(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        children = demo.processes()
        assert demo.interrupt() == 0
        assert not any(map(is_alive, children))
        assert demo.program.output.rstrip().endswith("Closed. The siren is off.")
        assert "outputs off" in (demo.folder / "gate.log").read_text()


def test_without_a_folder_nothing_is_left(tmp_path: Path) -> None:
    program = Program("demo", log=tmp_path / "console", environment={"TMPDIR": str(tmp_path), "LC_ALL": "id_ID.UTF-8"})
    wait_until(lambda: "Ctrl-C untuk mengakhiri." in program.output, "it is open, in Indonesian", seconds=60)
    assert list(tmp_path.glob("lunas-demo-*"))
    assert program.terminate() == 0
    assert not list(tmp_path.glob("lunas-demo-*"))


def test_another_port_is_taken_and_said_where_one_is_busy(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_free(8090):
            holder.bind(("127.0.0.1", 8090))
            holder.listen()
        with Demo(tmp_path) as demo:
            assert demo.ports[0] != 8090
            assert "8090" in demo.program.output.partition("Other ports than usual: ")[2]
            assert health(demo.till)[0] == 200


def test_a_till_that_dies_ends_the_demo_with_a_reason(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in demo.processes()}
        os.kill(next(pid for pid, command in commands.items() if command.endswith("till\0")), signal.SIGKILL)
        assert demo.program.wait() == 1
        assert "lunas till ended with status -9" in demo.program.output
