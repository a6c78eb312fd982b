"""The layer contract catches what it says: a small house is built, broken in one place, and looked at."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
HOUSE = Path(__file__).parents[2]


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """Build a house with every module that the contract names, all of them empty."""
    text = (HOUSE / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :])
    rules = tomllib.loads(text)["tool"]["importlinter"]
    for package in rules["root_packages"]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for contract in rules["contracts"]:
        for module in contract.get("source_modules", []):
            if "." in module:
                file = tmp_path / (module.replace(".", "/") + ".py")
                file.parent.mkdir(exist_ok=True)
                (file.parent / "__init__.py").touch()
                file.touch()
    (tmp_path / "hardware/driver.py").write_text("import serial\n")
    return tmp_path


def broken_contracts(house: Path) -> set[str]:
    """Run the linter in a house; give the first words of each broken contract."""
    checked = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    broken = {" ".join(line.split()[:3]) for line in checked.stdout.splitlines() if line.endswith("BROKEN")}
    assert checked.returncode == bool(broken), checked.stdout
    return broken


def test_a_house_in_order_passes(small_house: Path) -> None:
    (small_house / "gate/daemon.py").write_text("import shared.codes, hardware.driver, gate.decision, time\n")
    assert broken_contracts(small_house) == set()


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("pos/till.py", "import gate.decision", "pos and gate"),
        ("gate/daemon.py", "import pos", "pos and gate"),
        ("shared/ledger.py", "import hardware.framing", "pos and gate"),
        ("hardware/relay.py", "import shared.items", "pos and gate"),
        ("gate/daemon.py", "import serial.tools.list_ports", "Only hardware knows"),
        ("pos/till.py", "import cv2", "Only hardware knows"),
        ("gate/decision.py", "from time import monotonic", "Pure modules do"),
        ("shared/items.py", "from sqlalchemy import select", "Pure modules do"),
        ("hardware/framing.py", "import hardware.driver", "Pure modules do"),
    ],
)
def test_an_import_across_the_walls_is_caught(small_house: Path, module: str, line: str, contract: str) -> None:
    (small_house / module).write_text(f"{line}\n")
    assert [name for name in broken_contracts(small_house) if name.startswith(contract)]
