"""The wheel alone runs the demo: templates, static files, translations and migrations are all in it."""

import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.opened import Demo
from tests.servers.program import LUNAS, health

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a virtual environment of its own, which has the same libraries; gives its `lunas`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(HOUSE)]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (libraries,) = (folder / "venv/lib").glob("python*/site-packages")
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv/bin/lunas"


@pytest.fixture(scope="module")
def demo(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.servers.program.LUNAS", str(elsewhere))
        with Demo(tmp_path_factory.mktemp("demo"), language="id_ID.UTF-8") as opened:
            yield opened


def page(address: str) -> str:
    request = urllib.request.Request(f"http://{address}", headers={"Accept-Language": "id"})
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the demo's own pages
        text: str = answer.read().decode(errors="replace")
    return text


def test_the_wheels_own_code_runs(elsewhere: Path, tmp_path: Path) -> None:
    assert str(elsewhere) != LUNAS
    where = subprocess.run(
        [elsewhere.with_name("python"), "-c", "import pos, gate, shared, hardware; print(pos.__file__, gate.__file__)"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert where.count(str(elsewhere.parents[1])) == 2


def test_the_demo_speaks_and_looks_as_from_the_checkout(demo: Demo) -> None:
    assert "Simulasi toko" in page(demo.floor)
    assert "Siapa Anda?" in page(f"{demo.till}/sign-in")
    assert ":root" in page(f"{demo.till}/look/lunas.css")
    assert "wOF2" in page(f"{demo.till}/look/fonts/plus-jakarta-sans-latin-wght-normal.woff2")[:8]
    assert health(demo.gate)[0] == 200
    assert "Izinkan suara" in page(demo.gate)


def test_every_other_command_is_there(elsewhere: Path, tmp_path: Path) -> None:
    told = subprocess.run([elsewhere, "--help"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    here = subprocess.run([LUNAS, "--help"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert told == here
