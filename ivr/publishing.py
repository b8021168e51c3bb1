"""Versions of flows: checked, published, rolled back. Calls under way keep theirs; calendars are live."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.orm import aliased

import flows
from audio.voices import slowly
from flows.calendar_file import load_calendars
from flows.check import Finding, check_source
from flows.flow import Flow
from flows.flow_folder import read_folder, rehearsals_in
from flows.loader import Source, content_hash, load_flow
from flows.rehearsal import Difference
from flows.rehearse import rehearse_all
from flows.source import CALENDARS
from flows.speaking import fixed_units, slow_units, vocabulary
from flows.takes import FILE as TAKES
from flows.takes import write_takes
from ivr.accounting import account
from ivr.bridges.phrases import bridge_units
from ivr.calendars import add_calendar, live_calendars, split_calendars
from ivr.leg_phrases import leg_units
from ivr.phrases import all_units
from ivr.pinned import FEEDBACK, live_version, load_version
from ivr.studio.takes import approved_names
from models.base import composed
from models.call import Call
from models.flow_publication import FlowPublication
from models.flow_version import FlowVersion
from models.store import Store

SHIPPED = Path(flows.__file__).parent
ZONE = ZoneInfo("Asia/Kolkata")
NO_REHEARSALS: Mapping[str, str] = {}


class Refused(ValueError):
    """This cannot be published. The message says why; `findings` say what is to be mended."""

    def __init__(self, sentence: str, findings: tuple[Finding | Difference, ...] = ()) -> None:
        super().__init__("\n".join([sentence, *map(str, findings)]))
        self.findings = findings


class SeenOtherwise(Refused):
    """What would go live is no longer what was looked at."""

    def __init__(self) -> None:
        super().__init__("Something has changed since this page was opened. Look at it again.")


@dataclass(frozen=True, slots=True)
class Version:
    """A version as people speak of it."""

    id: int
    flow: str
    number: int
    content_hash: str
    author: str
    note: str
    created_at: datetime
    withdrawn_at: datetime | None
    approved_by: str | None
    is_live: bool


def seed(store: Store, now: datetime, folder: Path = SHIPPED, name: str = "helpline") -> bool:
    """Publish the shipped flow and calendars where the store has none. False if there is nothing to do."""
    with store.read() as connection:
        if live_version(connection, name) is not None:
            return False
    source = read_folder(folder)
    load_flow(name, source)  # broken files must not become a version
    shipped = _without_calendars(source) | {TAKES: write_takes(())}

    def write(connection: Connection) -> bool:
        for calendar, text in split_calendars(source.get(CALENDARS, "")).items():
            add_calendar(connection, calendar, text, "the shipped files", now)
        if live_version(connection, name) is not None:
            return False  # another process was first
        version_id = add_version(connection, name, shipped, "the shipped files", "first version", now)
        _publish_row(connection, name, version_id, "the shipped files", "first version", now)
        return True

    return store.write(write)


def seed_all(store: Store, now: datetime) -> bool:
    """The flow that answers and those of the calls that we place. False if the first is there already."""
    is_new = seed(store, now)
    seed(store, now, SHIPPED / FEEDBACK, FEEDBACK)
    return is_new


def publish(
    store: Store,
    name: str,
    source: Source,
    *,
    by: str,
    actor: str = "",
    note: str,
    now: datetime,
    rehearsals: Mapping[str, str] = NO_REHEARSALS,
    approved_by: str | None = None,
    unless: Callable[[Connection, Sequence[str]], None] = lambda connection, takes: None,
) -> Version:
    """Check the files, play their rehearsals, and have new calls use them, with the recordings approved until now.

    Rehearsals among the files are played with those of `rehearsals`. `actor` answers for it where `by`, its author, is
    only a name to be shown; `approved_by` is who agreed. `unless` is done first in the same transaction, told of the
    recordings: what it raises keeps all as it was. Raises Refused, and says what is wrong.
    """
    with store.read() as connection:
        calendars = live_calendars(connection)
    findings = check_source(name, source, today=now.astimezone(ZONE).date(), calendars=calendars)
    errors = tuple(finding for finding in findings if finding.severity == "error")
    if errors:
        raise Refused("This flow has errors, so callers keep the version that they have.", errors)
    played_by = load_calendars(source[CALENDARS]) if CALENDARS in source else calendars
    flow = load_flow(name, source)
    units = list(wanted_sounds(flow))
    outcomes = rehearse_all(flow, {**rehearsals_in(source), **rehearsals}, played_by)
    if differences := tuple(difference for outcome in outcomes for difference in outcome.differences):
        raise Refused("A rehearsal goes otherwise, so callers keep the version that they have.", differences)
    wording = _without_calendars(source)

    def write(connection: Connection) -> Version:
        takes = approved_names(connection, units)
        unless(connection, takes)
        pinned = wording | {TAKES: write_takes(takes)}
        same = select(FlowVersion.id, FlowVersion.withdrawn_at).where(
            FlowVersion.flow == name, FlowVersion.content_hash == content_hash(pinned)
        )
        known = connection.execute(same).one_or_none()
        if known is not None and known.withdrawn_at is not None:
            raise Refused("This very version was withdrawn. Change what was wrong with it first.")
        version_id = known.id if known else add_version(connection, name, pinned, by, note, now, approved_by)
        _publish_row(connection, name, version_id, by, note, now, actor)
        return _version(connection, name, version_id)

    return store.write(write)


def roll_back(
    store: Store, name: str, *, by: str, note: str, now: datetime, to: int | None = None, actor: str = ""
) -> Version:
    """Publish an older version again: number `to`, else the one that was live before. Raises Refused."""

    def write(connection: Connection) -> Version:
        live = live_version(connection, name)
        target = numbered_version(connection, name, to) if to is not None else _version_before(connection, name, live)
        if target.id == live:
            raise Refused(f"Version {target.number} is the one that callers have now.")
        if target.withdrawn_at is not None:
            raise Refused(f"Version {target.number} was withdrawn. Choose another: helpline flows versions {name}")
        _publish_row(connection, name, target.id, by, note, now, actor)
        return _version(connection, name, target.id)

    return store.write(write)


def withdraw(store: Store, name: str, number: int, *, by: str, now: datetime) -> Version:
    """Never let this version be published again, and lead its calls to a person at their next turn.

    Raises Refused for the live one.
    """

    def write(connection: Connection) -> Version:
        version = numbered_version(connection, name, number)
        if version.is_live:
            raise Refused(f"Version {number} is live. Publish or roll back to another one first.")
        connection.execute(update(FlowVersion).where(FlowVersion.id == version.id).values(withdrawn_at=now))
        account(connection, by, "flow_withdrawn", f"{name} {number}", now)
        return _version(connection, name, version.id)

    return store.write(write)


def list_versions(connection: Connection, name: str) -> list[Version]:
    """All versions, the newest first."""
    live = live_version(connection, name)
    rows = connection.execute(_VERSIONS.where(FlowVersion.flow == name).order_by(FlowVersion.number.desc()))
    return [Version(*row, is_live=row.id == live) for row in rows]


def wanted_sounds(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every unit of (language, text) that a call in this flow may speak, names and announcements excepted."""
    for language in flow.languages:
        yield from ((language, text) for text in fixed_units(flow, language))
        yield from ((language, text) for text in vocabulary(language))
        yield from ((slowly(language), text) for text in slow_units(flow, language))
    yield from all_units()
    yield from leg_units()
    yield from bridge_units()


def flows_in_use(store: Store, since: datetime) -> list[Flow]:
    """Every flow in each version that callers have, or have had since then: one may be gone back to.

    Raises BrokenFlow for one that this version of the program cannot read.
    """
    later = aliased(FlowPublication)
    live = select(func.max(FlowPublication.id)).group_by(FlowPublication.flow)
    # Each publication ends when the next one of the same flow begins.
    ends = (
        select(func.min(later.at))
        .where(later.flow == FlowPublication.flow, later.id > FlowPublication.id)
        .scalar_subquery()
    )
    published = select(FlowPublication.version_id).where(or_(FlowPublication.id.in_(live), ends >= since))
    called = select(Call.flow_version_id).where(Call.ended_at.is_(None))
    wanted = select(FlowVersion.flow, FlowVersion.source).where(
        or_(FlowVersion.id.in_(published), FlowVersion.id.in_(called))
    )
    with store.read() as connection:
        return [load_version(row.flow, row.source) for row in connection.execute(wanted)]


_VERSIONS = select(
    FlowVersion.id,
    FlowVersion.flow,
    FlowVersion.number,
    FlowVersion.content_hash,
    FlowVersion.author,
    FlowVersion.note,
    FlowVersion.created_at,
    FlowVersion.withdrawn_at,
    FlowVersion.approved_by,
)


def version_source(connection: Connection, version_id: int) -> dict[str, str]:
    """The files of a version as it was published. Raises Refused where there is none of this id."""
    stored = connection.scalar(select(FlowVersion.source).where(FlowVersion.id == version_id))
    if stored is None:
        raise Refused(f"There is no version with the id {version_id}.")
    source: dict[str, str] = json.loads(stored)
    return source


def _without_calendars(source: Source) -> dict[str, str]:
    """What a call is pinned to, in the one form of Unicode in which the store keeps it: the hash must fit it."""
    return {path: composed(text) for path, text in source.items() if path != CALENDARS}


def add_version(
    connection: Connection,
    name: str,
    source: Source,
    by: str,
    note: str,
    now: datetime,
    approved_by: str | None = None,
) -> int:
    """Keep these files under the next number, and return the id. Nobody hears them by that."""
    latest = select(FlowVersion.number).where(FlowVersion.flow == name).order_by(FlowVersion.number.desc()).limit(1)
    version_id: int = connection.execute(
        insert(FlowVersion)
        .values(
            flow=name,
            number=(connection.scalar(latest) or 0) + 1,
            content_hash=content_hash(source),
            source=json.dumps(dict(source), ensure_ascii=False, sort_keys=True),
            author=by,
            note=note,
            created_at=now,
            approved_by=approved_by,
        )
        .returning(FlowVersion.id)
    ).scalar_one()
    return version_id


def _publish_row(
    connection: Connection, name: str, version_id: int, by: str, note: str, now: datetime, actor: str = ""
) -> None:
    connection.execute(insert(FlowPublication).values(flow=name, version_id=version_id, at=now, by=by, note=note))
    number = _version(connection, name, version_id).number
    account(connection, actor or by, "flow_published", f"{name} {number}", now)


def _version(connection: Connection, name: str, version_id: int) -> Version:
    return next(version for version in list_versions(connection, name) if version.id == version_id)


def live_number(connection: Connection, name: str) -> int:
    """The number of the version that callers have. Raises Refused where there is none."""
    live = next((version.number for version in list_versions(connection, name) if version.is_live), None)
    if live is None:
        raise Refused(f"No version of {name} is published. Run: helpline flows publish {name}")
    return live


def numbered_version(connection: Connection, name: str, number: int) -> Version:
    """The version with this number. Raises Refused."""
    found = next((version for version in list_versions(connection, name) if version.number == number), None)
    if found is None:
        raise Refused(f"There is no version {number}. See: helpline flows versions {name}")
    return found


def _version_before(connection: Connection, name: str, live: int | None) -> Version:
    """The version that callers had before the live one and that has not been withdrawn."""
    published = select(FlowPublication.version_id).where(FlowPublication.flow == name)
    versions = {version.id: version for version in list_versions(connection, name)}
    for version_id in connection.scalars(published.order_by(FlowPublication.id.desc())):
        if version_id != live and versions[version_id].withdrawn_at is None:
            return versions[version_id]
    raise Refused("There is no older version to go back to.")
