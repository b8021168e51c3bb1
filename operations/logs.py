"""Structured logs in which no digits, names, numbers or codes of a person appear.

A log line says *what* happened by a constant event name, and *to what* by identifiers. So a string is printed as it is
only under a key that names an identifier; anywhere else runs of digits and quoted words are blotted out, and of an
exception only its kind, its place and its blotted message are kept.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

IDENTIFIERS = frozenset(
    {
        "call_sid",
        "leg_sid",
        "sid",
        "message_id",
        "complaint_id",
        "staff_id",
        "entry_id",
        "offer_id",
        "talk_id",
        "call_back_id",
        "command_id",
        "version",
        "process",
        "host",
        "url_path",
        "logger",
        "level",
    }
)

_DIGITS = re.compile(r"\d(?:[\s\-.]?\d){2,}")  # \d takes Bengali and Devanagari digits too
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_BLOT = "•••"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def blot(text: str) -> str:
    """The text without any run of three or more digits."""
    return _DIGITS.sub(_BLOT, text)


def describe_exception(error: BaseException) -> str:
    """Kind, blotted message and the lines of code it passed through; never the values that it carried."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-8:]))
    message = blot(_QUOTED.sub(_BLOT, str(error).split("\n", 1)[0]))[:200]
    return f"{type(error).__name__}: {message} at {places}"


def scrub(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor that blots every value which is no identifier."""
    for key, value in event.items():
        if isinstance(value, bool | float | None) or key in IDENTIFIERS:
            continue
        if isinstance(value, int):
            event[key] = value if abs(value) < 1_000_000 else _BLOT
        else:
            event[key] = blot(str(value))
    return event


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by a description that carries no values."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = describe_exception(error)
    return event


def configure_logs(*, as_json: bool, level: int = logging.INFO) -> None:
    """Send structlog and the standard library's loggers through the same scrubbing, one line an event, to stdout."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        tell_exception,
        scrub,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("twilio.http_client", "alembic", "rq.worker"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
