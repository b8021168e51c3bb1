"""What a draft means for everybody: every situation a caller can come to, and the last calls played on it."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flows.loader import Source, load_flow
from flows.replay import Replayed
from ivr.pinned import FLOW
from ivr.replaying import replay_on
from ivr.telephone import Telephone

LAST_CALLS = 200
_PATIENCE_S = 300  # it gives way to all else, so on a busy machine it takes its time
_one_at_a_time = threading.Lock()


class NotExplored(Exception):
    """The exploration did not come to its end."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """Where callers would be lost, in words by language; what the caller does; and the call as a rehearsal."""

    sentence: Mapping[str, str]
    keys: tuple[str, ...]
    rehearsal: str


@dataclass(frozen=True, slots=True)
class Explored:
    """Sentences by language of the reader."""

    is_proof: bool
    sentence: Mapping[str, str]
    left_out: Mapping[str, tuple[str, ...]]
    stranded: tuple[Stranded, ...]


def explore_draft(files: Source) -> Explored:
    """Look at every situation of a flow without errors. Takes seconds, in a process of its own. Raises NotExplored."""
    # Two who ask for the same text at once have it computed once.
    with _one_at_a_time:
        return _explore(json.dumps(dict(files), sort_keys=True))


def replay_draft(telephone: Telephone, files: Source) -> Replayed:
    """Play the last calls on a flow without errors."""
    return replay_on(telephone, load_flow(FLOW, files), last=LAST_CALLS)


@lru_cache(maxsize=16)
def _explore(files: str) -> Explored:
    command = [sys.executable, "-m", "flows.prove", FLOW]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the files go to its standard input
            command, input=files, capture_output=True, text=True, timeout=_PATIENCE_S, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise NotExplored(type(error).__name__) from error
    told: dict[str, Any] = json.loads(done.stdout)
    stranded = tuple(Stranded(one["sentence"], tuple(one["keys"]), one["rehearsal"]) for one in told["stranded"])
    left_out = {language: tuple(sentences) for language, sentences in told["left_out"].items()}
    return Explored(told["is_proof"], told["sentence"], left_out, stranded)
