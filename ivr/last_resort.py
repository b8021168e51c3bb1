"""When nothing else works: an apology in all languages, and a promise to ring back that needs no store.

The promise is a file of its own for each call, written so that it survives a loss of power. The sweep turns it into
a call-back as soon as the store is there again.
"""

import json
import os
from datetime import datetime
from pathlib import Path

import structlog

from flows.last_resort import APOLOGY, CALL_AGAIN, RING_BACK
from ivr.numbers import identify
from ivr.phrases import in_all_languages
from ivr.speech import SoundOf
from ivr.twiml import HANG_UP, say_and_hang_up

log = structlog.get_logger()


def apologise(spool_dir: Path, call_sid: str, raw_number: str, now: datetime, sound_of: SoundOf) -> str:
    """The document of the last resort. Raises nothing: what cannot be written is not promised."""
    number = identify(raw_number).number
    promised = number is not None and _promise(spool_dir, call_sid, number, now)
    try:
        return say_and_hang_up(in_all_languages(APOLOGY, RING_BACK if promised else CALL_AGAIN), sound_of)
    except Exception:
        log.exception("last_resort_speechless", call_sid=call_sid)
        return HANG_UP


def _promise(spool_dir: Path, call_sid: str, number: str, now: datetime) -> bool:
    try:
        write_promise(spool_dir, call_sid, number, now)
    except Exception:
        log.exception("promise_not_written", call_sid=call_sid)
        return False
    log.warning("promise_written", call_sid=call_sid)
    return True


def write_promise(spool_dir: Path, call_sid: str, number: str, now: datetime) -> None:
    """Keep the promise to ring `number` back on disk, once a call. Raises OSError."""
    if not (call_sid.isalnum() and call_sid.isascii()):
        raise OSError("a call without a proper SID cannot be given a file")
    spool_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = spool_dir / f"{call_sid}.json"
    if path.exists():
        return
    unfinished = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.part")
    text = json.dumps({"call_sid": call_sid, "number": number, "at": now.isoformat()})
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    _sync_folder(spool_dir)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
