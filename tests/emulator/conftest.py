"""One emulator with its application for each test, and what must be true of every request it sends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.emulator.rig import Rig


@pytest.fixture
def make_rig() -> Iterator[Callable[..., Rig]]:
    """Start rigs with settings of their own; all are stopped after the test."""
    rigs: list[Rig] = []

    def make(**settings: Any) -> Rig:
        rigs.append(Rig(**settings))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()
        for seen in rig.application.seen:
            assert seen.signed, f"{seen.method} {seen.path} carries no right signature"
            assert seen.headers["user-agent"] == "TwilioProxy/1.1"


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()
