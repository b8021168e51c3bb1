"""From the studio to the callers: what would change, and the publishing of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete

from audio.names import line_key
from flows.finding import Finding
from flows.flow_folder import rehearsals_in
from flows.loader import content_hash
from flows.rehearse import read_rehearsals, rehearse_all
from ivr.calendars import live_calendars
from ivr.pinned import FLOW, live_version
from ivr.publishing import SHIPPED, Refused, SeenOtherwise, Version, publish, wanted_sounds
from ivr.studio.changes import Change, Key, Working, read_changes, read_working
from ivr.studio.takes import TakeOf, adopt_takes, approved_names, standing_takes, withdrawn_takes
from ivr.studio.wording import check_working
from ivr.telephone import Telephone
from models.wording_change import WordingChange


@dataclass(frozen=True, slots=True)
class Reworded:
    """A prompt that says something else in one language than callers hear now."""

    prompt: str
    language: str
    before: str
    after: str
    change: Change


@dataclass(frozen=True, slots=True)
class GoingLive:
    """What a publishing would do. `seen` names exactly this, so that nothing goes live unseen.

    `new_takes` are heard then and not now, `lost_takes` the other way round.
    """

    working: Working
    reworded: tuple[Reworded, ...]
    confirmed: tuple[Key, ...]
    stale: tuple[Key, ...]
    new_takes: tuple[TakeOf, ...]
    lost_takes: tuple[TakeOf, ...]
    findings: tuple[Finding, ...]
    seen: str

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being published."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def is_empty(self) -> bool:
        """Whether callers would hear just what they hear now."""
        return not (self.reworded or self.confirmed or self.new_takes or self.lost_takes)


def read_going_live(telephone: Telephone) -> GoingLive:
    """What would go live now. Raises NoFlow."""
    with telephone.store.read() as connection:
        working = read_working(telephone, connection)
    units = list(wanted_sounds(working.flow))
    if working.live.takes is None:
        adopt_takes(telephone, units, by="")
    with telephone.store.read() as connection:
        names = approved_names(connection, units)
        approved, _ = standing_takes(connection)
        withdrawn = withdrawn_takes(connection)
    said = {line_key(text, language) for language, text in units}
    heard = set(working.live.takes if working.live.takes is not None else names)
    return GoingLive(
        working,
        tuple(_reworded(working)),
        tuple(key for key, change in working.changes.items() if change.words is None),
        tuple(stale_wordings(working)),
        tuple(take for key, take in approved.items() if key in said and take.name not in heard),
        tuple(take for take in withdrawn if take.words_key in said and take.name in heard),
        working.broken or tuple(check_working(telephone, working.source)),
        _name(working, working.changes, names),
    )


def publish_changes(telephone: Telephone, *, seen: str, note: str, by: str, actor: str) -> Version:
    """Have new calls hear what was seen. `by` is the author of the version, `actor` answers for it.

    Raises Refused; SeenOtherwise where it has changed since.
    """
    going = read_going_live(telephone)
    if going.seen != seen:
        raise SeenOtherwise
    if going.errors:
        raise Refused("This flow has errors, so callers keep the version that they have.", going.errors)
    working = going.working

    def clear(connection: Connection, takes: Sequence[str]) -> None:
        if live_version(connection, FLOW) != working.version_id:
            raise SeenOtherwise
        if _name(working, read_changes(connection), takes) != seen:
            raise SeenOtherwise
        connection.execute(delete(WordingChange).where(WordingChange.flow == FLOW))

    return publish(
        telephone.store,
        FLOW,
        working.source,
        by=by,
        actor=actor,
        note=note,
        now=telephone.clock.now(),
        rehearsals=_passing_rehearsals(telephone, working),
        unless=clear,
    )


def stale_wordings(working: Working) -> Iterator[Key]:
    """The translations that nobody has compared with the present words of their source."""
    flow, approvals = working.flow, working.approvals
    for prompt in flow.catalogues[flow.written_in].prompts:
        for language in flow.languages:
            if working.words(prompt, language) and working.is_stale(prompt, language, approvals):
                yield prompt, language


def _reworded(working: Working) -> Iterator[Reworded]:
    for (prompt, language), change in working.changes.items():
        known = working.live.catalogues[language].prompts.get(prompt)
        if change.words is not None and known is not None:
            yield Reworded(prompt, language, known.source, change.words, change)


def _name(working: Working, changes: Mapping[Key, Change], takes: Sequence[str]) -> str:
    versions = sorted((key, change.version) for key, change in changes.items())
    about = repr((working.version_id, content_hash(working.source), versions, list(takes)))
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def _passing_rehearsals(telephone: Telephone, working: Working) -> dict[str, str]:
    """For a version without rehearsals of its own, the shipped ones that it passes: other words change no way."""
    if rehearsals_in(working.source):
        return {}
    with telephone.store.read() as connection:
        calendars = live_calendars(connection)
    rehearsals = read_rehearsals(SHIPPED)
    return {
        file: text
        for file, text in rehearsals.items()
        if not any(outcome.differences for outcome in rehearse_all(working.live, {file: text}, calendars))
    }
