"""What is installed is what was tested, and all of it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PACKAGES = ("pos", "gate", "shared", "hardware")
LOCKS = ("requirements.lock", "requirements-test.lock")


def locked(name: str) -> dict[str, str]:
    """Read a lock file: package name to the exact version, with its marker and hashes."""
    entries = re.split(r"\n(?=\S)", (HOUSE / name).read_text().strip())
    return dict(entry.split("==", 1) for entry in entries)


def names(requirements: list[str]) -> set[str]:
    """Take the package names from requirements as pyproject.toml writes them."""
    return {re.split(r"[^A-Za-z0-9-]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(lock: str) -> None:
    for name, rest in locked(lock).items():
        assert re.match(r"[\w.]+( ; .+)? \\\n", rest), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", rest), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    assert not re.search(r"://|index-url|find-links|file:|@", (HOUSE / lock).read_text())


def test_the_locks_hold_all_that_is_asked_for_and_the_build_backend() -> None:
    settings = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    runtime = names(settings["project"]["dependencies"] + settings["build-system"]["requires"])
    testing = names(settings["project"]["optional-dependencies"]["test"])
    assert runtime <= locked("requirements.lock").keys()
    assert runtime | testing <= locked("requirements-test.lock").keys()


def test_the_tests_run_on_the_versions_that_a_shop_installs() -> None:
    installed, tested = (
        # Not the marker: the tests may want a package on one more system than the shop does.
        {package: re.sub(r" ; [^\\]+", " ", rest) for package, rest in locked(lock).items()}
        for lock in LOCKS
    )
    assert {name: tested[name] for name in installed} == installed


def test_a_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(HOUSE)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("lunas-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    files = {
        str(path.relative_to(HOUSE))
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - packed == set()
    assert {name.partition("/")[0] for name in packed} <= {*PACKAGES, "lunas-0.1.0.dist-info"}
