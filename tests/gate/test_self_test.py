"""Somebody at the screen tries the outputs: heard for a moment, recorded, and told where one does not answer."""

import pytest

from gate.output import Output
from gate.pattern import Role
from gate.response import TryOutputs
from tests.gate.conftest import OpenExit
from tests.gate.failing_relay import FailingRelay
from tests.shop import Shop


@pytest.fixture
def follow() -> None:
    """The database itself: a till's server gives a gate the same facts, which tests of their own show."""


def test_it_sounds_for_a_moment_in_trial_too_and_is_recorded(shop: Shop, open_exit: OpenExit) -> None:
    gate = open_exit(armed=False)
    gate.follow()
    gate.gate.take(TryOutputs(at=7))
    assert gate.sounds()
    gate.wait(1.0)
    assert not gate.sounds()
    assert gate.shown["passages"][0]["reason"] == "test"
    assert gate.journaled("outcome", "reason", "scanner") == [("pass", "test", "screen")]
    gate.deliver()
    assert shop.count("event", "kind = 'passage' AND what = 'test'") == 1
    assert not shop.broken()


def test_an_output_that_does_not_answer_wants_a_look(open_exit: OpenExit) -> None:
    lamp = FailingRelay("lamp")
    gate = open_exit(more=[Output(lamp, Role.LAMP)])
    gate.follow()
    gate.wait(0.1)
    lamp.failing = 1_000
    gate.gate.take(TryOutputs(at=7))
    assert gate.sounds()
    assert gate.journaled("outcome", "reason") == [("check", "test")]
