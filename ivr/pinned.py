"""Published versions of flows, compiled once a process. A call keeps the version that it began with."""

import json
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Connection, bindparam, select

from flows.flow import Flow
from flows.loader import load_flow
from models.flow_publication import FlowPublication
from models.flow_version import FlowVersion
from models.glance import Glance
from models.store import Store

FLOW = "helpline"  # the flow that answers the number
FEEDBACK = "feedback"  # the flow of calls that we place to ask whether it is solved
FLOWS = (FLOW, FEEDBACK)
DRAFT = "helpline_draft"  # drafts of FLOW that named callers hear, and their calls: neither counts among those of FLOW

LIVE_VERSION = (
    select(FlowPublication.version_id)
    .where(FlowPublication.flow == bindparam("name"))
    .order_by(FlowPublication.id.desc())
    .limit(1)
)


_WITHDRAWN = Glance(select(FlowVersion.id).where(FlowVersion.withdrawn_at.is_not(None)))
_LOOK_AGAIN_S = 2.0


class NoFlow(LookupError):
    """No version of this flow has been published. The message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A version's row id and its compiled flow."""

    version_id: int
    flow: Flow


class PinnedFlows:
    """The versions that calls of this process are pinned to. A version never changes, so it is kept for good."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._compiled: dict[int, Pinned] = {}
        self._withdrawn: frozenset[int] = frozenset()
        self._look_at = 0.0

    def live(self, connection: Connection, name: str) -> Pinned:
        """The version that new calls get. Raises NoFlow."""
        version_id = _published(name, live_version(connection, name))
        return self._compiled.get(version_id) or self._compile(connection, version_id)

    def pinned(self, name: str, version_id: int | None) -> Pinned:
        """The flow `name` in a version that was read already. Raises NoFlow, also where there is none."""
        published = _published(name, version_id)
        pinned = self._compiled.get(published)
        if pinned is None:
            with self._store.read() as connection:
                pinned = self._compile(connection, published)
        return pinned

    def get(self, connection: Connection, version_id: int) -> Flow:
        """The flow of a version. Raises NoFlow."""
        pinned = self._compiled.get(version_id) or self._compile(connection, version_id)
        return pinned.flow

    def compiled(self, version_id: int) -> Flow | None:
        """The flow of a version, if this process has compiled it."""
        pinned = self._compiled.get(version_id)
        return pinned.flow if pinned is not None else None

    def instead_of(self, name: str, version_id: int) -> Pinned | None:
        """The live version, where this one has been withdrawn; None while it may go on. Raises NoFlow."""
        if monotonic() >= self._look_at:
            self.look_again()
        if version_id not in self._withdrawn:
            return None
        with self._store.read() as connection:
            live = self.live(connection, name)
        return live if live.version_id != version_id else None

    def look_again(self) -> None:
        """See which versions are withdrawn. Turns do so every two seconds: each would cost a statement more."""
        self._withdrawn = frozenset(row[0] for row in self._store.glance(_WITHDRAWN, {}))
        self._look_at = monotonic() + _LOOK_AGAIN_S

    def warm(self, name: str) -> None:
        """Compile the live version before the first call needs it. Raises NoFlow."""
        with self._store.read() as connection:
            self.live(connection, name)

    def _compile(self, connection: Connection, version_id: int) -> Pinned:
        wanted = select(FlowVersion.flow, FlowVersion.source).where(FlowVersion.id == version_id)
        row = connection.execute(wanted).one_or_none()
        if row is None:
            raise NoFlow(f"Version {version_id} of the flow is not in the store. Was another database restored?")
        pinned = Pinned(version_id, load_version(row.flow, row.source))
        # Two threads may compile the same version at once: both get the same flow, and one of them is kept.
        self._compiled[version_id] = pinned
        return pinned


def load_version(name: str, source: str) -> Flow:
    """The flow of a version from its row. Raises BrokenFlow."""
    return load_flow(FLOW if name == DRAFT else name, json.loads(source))


def _published(name: str, version_id: int | None) -> int:
    if version_id is None:
        raise NoFlow(f'No version of "{name}" is published. Run: helpline flows publish {name}')
    return version_id


def live_version(connection: Connection, name: str) -> int | None:
    """The id of the version that new calls of the flow `name` get."""
    return connection.scalar(LIVE_VERSION, {"name": name})
