"""From a draft to the callers: agreed to by a second person where the way of calls changes, then published as seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from audio.render import render_missing
from audio.shelf import ShelfAway
from audio.synthesizer import CannotRender
from flows.flow import Flow
from flows.kinds_of_change import kinds_of_change, needs_agreement
from flows.loader import load_flow
from flows.taking_over import TakenOver, take_over
from ivr.accounting import account
from ivr.menus.drafts import MenuDraft, find_draft, save_files
from ivr.menus.everybody import explore_draft
from ivr.pinned import FLOW, live_version
from ivr.publishing import Refused, SeenOtherwise, Version, publish, version_source, wanted_sounds
from ivr.studio.takes import adopt_takes
from ivr.telephone import Telephone
from models.flow_draft import FlowDraft
from models.store import Store


class OwnWork(Refused):
    """Whoever has written at a draft does not agree to it as well."""

    def __init__(self) -> None:
        super().__init__("Somebody who has not written at this draft has to agree to it.")


class NotAgreed(Refused):
    """The way of calls changes, and nobody else has agreed to it."""

    def __init__(self) -> None:
        super().__init__("The way of calls changes. A second person has to agree first.")


class Behind(Refused):
    """Another version went live after the draft was begun."""

    def __init__(self) -> None:
        super().__init__("Another version was published meanwhile. Take it over into the draft first.")


class StrandsCallers(Refused):
    """In some situation a caller would reach nobody, no message and no goodbye."""

    def __init__(self) -> None:
        super().__init__("Some callers would be lost: the page of the proof shows by which calls. Mend that first.")


class NotProven(Refused):
    """There are more situations than can be looked at, so that nobody knows whether a caller would be lost."""

    def __init__(self) -> None:
        super().__init__("Not every situation could be looked at. Make the menus simpler, or publish from the files.")


@dataclass(frozen=True, slots=True)
class Published:
    """The version that callers hear from now on. `is_spoken`: our own voice has rendered what is new in it."""

    version: Version
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is: what kinds of change it holds, and what it still lacks on its way."""

    kinds: frozenset[str]
    needs_agreement: bool
    is_behind: bool

    def lacks_agreement(self, draft: MenuDraft) -> bool:
        return self.needs_agreement and not draft.is_approved


def read_standing(connection: Connection, draft: MenuDraft) -> Standing:
    """What changes from the version that the draft was begun with, and whether callers have another one by now."""
    kinds = kinds_of_change(version_source(connection, draft.base_version_id), draft.files)
    return Standing(kinds, needs_agreement(kinds), live_version(connection, FLOW) != draft.base_version_id)


def agree(store: Store, draft_id: int, *, seen: str, by: str, actor: str, now: datetime) -> None:
    """Agree to just the text that was `seen` (its hash). Raises DraftGone, SeenOtherwise, OwnWork."""

    def write(connection: Connection) -> None:
        draft = find_draft(connection, draft_id)
        if by in draft.writers:
            raise OwnWork
        values = {"approved_by": by, "approved_at": now, "approved_hash": seen}
        same = (FlowDraft.id == draft_id) & (FlowDraft.version == draft.version) & FlowDraft.closed_at.is_(None)
        if draft.hash != seen or connection.execute(update(FlowDraft).where(same).values(**values)).rowcount == 0:
            raise SeenOtherwise
        account(connection, actor, "menu_draft_agreed", f"menu_draft:{draft_id}", now, {"hash": seen[:12]})

    store.write(write)


def publish_draft(telephone: Telephone, draft_id: int, *, seen: str, note: str, by: str, actor: str) -> Published:
    """Have new calls hear the draft as it was `seen`; calls under way keep what they began with.

    What costs nothing is asked first: the proof takes seconds, and so does the voice. Raises DraftGone, NotExplored,
    BrokenFlow, and Refused with what is to be mended; SeenOtherwise, NotAgreed, Behind, StrandsCallers and NotProven
    among them.
    """
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        draft = find_draft(connection, draft_id)
        standing = _may_go_live(connection, draft, seen)
        live = telephone.flows.live(connection, FLOW).flow
    flow = load_flow(FLOW, draft.files)
    # Other words lead nobody elsewhere. Before the transaction, because it takes seconds.
    if standing.needs_agreement:
        explored = explore_draft(draft.files)
        if explored.stranded:
            raise StrandsCallers
        if not explored.is_proof:
            raise NotProven
    is_spoken = render_new(telephone, flow, live)

    def close(connection: Connection, takes: Sequence[str]) -> None:
        _may_go_live(connection, find_draft(connection, draft_id), seen)
        same = (FlowDraft.id == draft_id) & (FlowDraft.version == draft.version)
        connection.execute(update(FlowDraft).where(same).values(closed_at=now))

    if live.takes is None:  # a version from before: its recordings count as approved
        adopt_takes(telephone, wanted_sounds(live), by="")
    version = publish(
        telephone.store,
        FLOW,
        draft.files,
        by=by,
        actor=actor,
        note=note,
        now=now,
        approved_by=draft.approved_by if draft.is_approved else None,
        unless=close,
    )
    return Published(version, is_spoken)


def render_new(telephone: Telephone, flow: Flow, live: Flow) -> bool:
    """Have the offline voice speak what is new. False where it cannot: the provider's voice will then."""
    try:
        render_missing(telephone.sounds, sorted({*wanted_sounds(flow)} - {*wanted_sounds(live)}))
    except (CannotRender, ShelfAway):
        return False
    return True


def catch_up(telephone: Telephone, draft_id: int, *, version: int, by: str) -> TakenOver:
    """Put the draft on top of the version that callers have now. Where both have changed the same, the draft's stays.

    Raises DraftGone, WrittenMeanwhile.
    """
    with telephone.store.read() as connection:
        draft = find_draft(connection, draft_id)
        live = live_version(connection, FLOW)
        if live is None or live == draft.base_version_id:
            return TakenOver(dict(draft.files), ())
        sources = [version_source(connection, version_id) for version_id in (draft.base_version_id, live)]
    taken = take_over(sources[0], sources[1], draft.files)
    gone = {path: None for path in draft.files if path not in taken.source}
    now = telephone.clock.now()
    files = {**taken.source, **gone}
    save_files(telephone.store, draft_id, files, version=version, by=by, now=now, base_version_id=live)
    return taken


def _may_go_live(connection: Connection, draft: MenuDraft, seen: str) -> Standing:
    if draft.hash != seen:
        raise SeenOtherwise
    standing = read_standing(connection, draft)
    if standing.is_behind:
        raise Behind
    if standing.lacks_agreement(draft):
        raise NotAgreed
    return standing
