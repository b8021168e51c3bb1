"""Fixtures of the desk's tests."""

from tests.agent_console.desk_in_test import desk
from tests.agent_console.live_desk import live
from tests.ivr.office import network
from tests.valkey import valkey

__all__ = ["desk", "live", "network", "valkey"]
