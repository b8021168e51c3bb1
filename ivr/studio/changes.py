"""The wording as it would be published now: the live version with the changes that wait on top of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from flows.approvals import FILE as LOCK
from flows.approvals import Approvals, fingerprint, read_approvals, write_approvals
from flows.approvals import approve as approve_wording
from flows.finding import Finding
from flows.flow import Flow
from flows.loader import BrokenFlow, load_flow
from flows.rewording import UnknownWording, reword, reword_template
from flows.source import Source
from ivr.pinned import FLOW, NoFlow, live_version
from ivr.telephone import Telephone
from models.flow_version import FlowVersion
from models.wording_change import WordingChange

Key = tuple[str, str]
"""A prompt and a language."""


@dataclass(frozen=True, slots=True)
class Change:
    """What waits for one prompt in one language. `words` is None where only an approval waits."""

    prompt: str
    language: str
    words: str | None
    compared_with: str | None
    template: str | None
    template_id: str | None
    version: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Working:
    """The live version, and what it would become. Where the changes no longer fit it, `broken` says why, and `flow` is
    the live one."""

    version_id: int
    live_source: Source
    live: Flow
    changes: Mapping[Key, Change]
    source: Source
    flow: Flow
    broken: tuple[Finding, ...] = ()

    def words(self, prompt: str, language: str) -> str:
        """What the prompt would say; empty where it has no wording."""
        found = self.flow.catalogues[language].prompts.get(prompt)
        return found.source if found else ""

    @property
    def approvals(self) -> Approvals:
        """Against which source text each translation was approved, with what waits."""
        return read_approvals(self.source.get(LOCK, ""))

    def is_stale(self, prompt: str, language: str, approvals: Approvals) -> bool:
        """Whether a translation was approved for other words of its source than the present ones."""
        if language == self.flow.written_in:
            return False
        return approvals.get((prompt, language)) != fingerprint(self.words(prompt, self.flow.written_in))


def live_source(telephone: Telephone) -> tuple[dict[str, str], Flow]:
    """The files of the version that new calls get, and the version compiled. Raises NoFlow."""
    with telephone.store.read() as connection:
        _, source, flow = _read_live(telephone, connection)
    return source, flow


def read_working(telephone: Telephone, connection: Connection) -> Working:
    """Everything that the studio works on, as it is now. Raises NoFlow."""
    version_id, source, live = _read_live(telephone, connection)
    changes = read_changes(connection)
    changed = apply_changes(source, live, changes.values())
    flow, broken = (live, ()) if not changes else _compile(_Hashable(changed))
    return Working(version_id, source, live, changes, changed, flow or live, broken)


def read_changes(connection: Connection) -> dict[Key, Change]:
    """What waits to be published."""
    rows = connection.execute(_CHANGES.order_by(WordingChange.id))
    return {(row.prompt, row.language): Change(**row._mapping) for row in rows}


def apply_changes(source: Source, live: Flow, changes: Iterable[Change]) -> dict[str, str]:
    """The files with the changes in them. A change of a prompt that is there no more is left out."""
    approvals = dict(_approvals(source, live))
    changed = dict(source)
    for change in changes:
        if change.language not in live.catalogues or change.prompt not in live.catalogues[change.language].prompts:
            continue
        if change.words is not None:
            changed = reword(changed, change.language, {change.prompt: change.words})
        if change.template is not None:
            changed = _reword_template(changed, change)
        if change.compared_with is not None:
            approvals[change.prompt, change.language] = change.compared_with
    changed[LOCK] = write_approvals(approvals)
    return changed


def _approvals(source: Source, live: Flow) -> Approvals:
    """What the lock file says; without one, that all translations are right as they are now."""
    return read_approvals(source[LOCK]) if LOCK in source else approve_wording({}, live.catalogues, live.written_in)


def _reword_template(source: Source, change: Change) -> dict[str, str]:
    try:
        return reword_template(source, change.prompt, change.language, change.template or "", change.template_id or "")
    except UnknownWording:
        return dict(source)  # the checker says that the text has no template


def _read_live(telephone: Telephone, connection: Connection) -> tuple[int, dict[str, str], Flow]:
    version_id = live_version(connection, FLOW)
    stored = connection.scalar(select(FlowVersion.source).where(FlowVersion.id == version_id))
    if version_id is None or stored is None:
        raise NoFlow(f'No version of "{FLOW}" is published. Run: helpline flows publish {FLOW}')
    return version_id, json.loads(stored), telephone.flows.get(connection, version_id)


class _Hashable(dict[str, str]):
    """Files that a cache can remember."""

    def __hash__(self) -> int:  # type: ignore[override]  # nobody changes it
        return hash(frozenset(self.items()))


@lru_cache(maxsize=8)
def _compile(source: _Hashable) -> tuple[Flow | None, tuple[Finding, ...]]:
    try:
        return load_flow(FLOW, source), ()
    except BrokenFlow as broken:
        return None, broken.findings


_CHANGES = select(
    WordingChange.prompt,
    WordingChange.language,
    WordingChange.words,
    WordingChange.compared_with,
    WordingChange.template,
    WordingChange.template_id,
    WordingChange.version,
    WordingChange.changed_by,
    WordingChange.changed_at,
).where(WordingChange.flow == FLOW)
