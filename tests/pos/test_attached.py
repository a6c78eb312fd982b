"""What is wrong with a till's own scanners is told before it sells, as a mistake in its settings."""

from pathlib import Path

import pytest

from hardware import catalog
from pos.attached import Attached
from shared import settings
from shared.settings import Settings, SettingsError


def till_with(scanner: dict[str, object]) -> Settings:
    return settings.parse({"till": {"scanner": [scanner]}}, Path("lunas.toml"))


def test_a_mistake_is_named_by_the_scanner() -> None:
    with pytest.raises(SettingsError, match=r"till\.scanner counter: baud: expected a whole number"):
        Attached(till_with({"name": "counter", "kind": "serial", "port": "/dev/x", "baud": "fast"}))


def test_a_driver_whose_library_is_missing_is_a_plain_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_SCANNERS", {"camera": "hardware.no_such_driver:Camera"})
    with pytest.raises(SettingsError, match=r"till\.scanner: the driver of kind 'camera'.*cannot be used"):
        Attached(till_with({"name": "eye", "kind": "camera", "source": "/dev/video0"}))
