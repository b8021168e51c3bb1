"""Fixtures of the telephone's tests."""

import pytest
import structlog

from operations.logs import scrub, tell_exception
from tests.ivr.office import network, office
from tests.valkey import valkey

__all__ = ["network", "office", "valkey"]


@pytest.fixture(autouse=True)
def _log_in_lines() -> None:
    """As in production an exception is told in a line: the default's coloured tracebacks take half a minute each."""
    structlog.configure(
        processors=[tell_exception, scrub, structlog.processors.JSONRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
