"""What kind of change lies between two sources: it decides who has to agree."""

import re
from collections.abc import Iterable

from flows.approvals import FILE as LOCK
from flows.loading.templates import FILE as TEMPLATES
from flows.rehearse import FOLDER as REHEARSALS
from flows.source import Source
from flows.takes import FILE as TAKES

WORDING, ROUTING, REHEARSAL = "wording", "routing", "rehearsal"
_WORDS = re.compile(r"prompts/[a-z]+\.yaml")
_NOTHING_HEARD = (TAKES,)  # publishing writes it


def changed_files(before: Source, after: Source) -> list[str]:
    """The files that differ, one of them missing included."""
    return [
        path for path in sorted({*before, *after}) if before.get(path) != after.get(path) and path not in _NOTHING_HEARD
    ]


def kind_of_file(path: str) -> str:
    """What a caller meets of a change in this file: other words, or another way."""
    if path in (LOCK, TEMPLATES) or _WORDS.fullmatch(path):
        return WORDING
    return REHEARSAL if path.startswith(f"{REHEARSALS}/") else ROUTING


def kinds_of_change(before: Source, after: Source) -> frozenset[str]:
    """Of wording, routing (steps, keys, queues, look-ups, hours asked) and rehearsals, those that change."""
    return frozenset(map(kind_of_file, changed_files(before, after)))


def needs_agreement(kinds: Iterable[str]) -> bool:
    """Whether a second person has to agree. Other words alone lead nobody elsewhere, nor does a rehearsal."""
    return ROUTING in kinds
