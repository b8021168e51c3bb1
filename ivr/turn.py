"""One turn of a call: from an event to a document, with one short write. Repeats get the same bytes again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, select

from flows.state_json import from_json, to_json
from flows.values import (
    Arrived,
    Event,
    Faulted,
    Line,
    Nothing,
    Reject,
    Remember,
    Replay,
    Resumed,
    Speak,
    State,
)
from ivr.asking import Asker
from ivr.claims import Repeated
from ivr.events import digest
from ivr.menus.named_callers import find_heard
from ivr.numbers import Caller
from ivr.outbox import Nudges, Write
from ivr.phrases import ONE_MOMENT, in_language, trial_lines
from ivr.pinned import DRAFT, FLOW, LIVE_VERSION
from ivr.recent import RecentCall
from ivr.recordings import recording_address
from ivr.slices import finish_turn
from ivr.statuses import rank_of
from ivr.telephone import Telephone
from ivr.twiml import HANG_UP, Place, document, one_moment
from ivr.voice import Voice
from ivr.walk import Walk, path_of, walk, wrong_key
from models.caller import CallerMemory
from models.claim import TurnClaim
from models.errors import StoreUnavailable
from models.glance import Glance
from models.named_caller import NamedCaller
from models.turns import LiveCall, OutOfTurn, claim_turn, find_turn, last_turn, load_call, remember_language

log = structlog.get_logger()

REFUSALS = (Reject, Replay, Nothing)
NO_VALUES: Mapping[str, Any] = {}

_of_caller = CallerMemory.number == bindparam("caller")
# All that the first ring needs to know, in one statement: each costs more than what it reads.
_ARRIVAL = Glance(
    select(
        LIVE_VERSION.scalar_subquery(),
        select(CallerMemory.language).where(_of_caller).scalar_subquery(),
        select(CallerMemory.calls).where(_of_caller).scalar_subquery(),
        select(CallerMemory.number_confirmed_at).where(_of_caller).scalar_subquery(),
        select(NamedCaller.draft_id)
        .where(NamedCaller.number == bindparam("caller"), NamedCaller.ends_at > bindparam("now"))
        .scalar_subquery(),
    )
)


class LostCall(LookupError):
    """A webhook speaks of a call that the store does not know."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a webhook tells of the caller, and what is to be written along with the turn."""

    event: Event
    writes: tuple[Write, ...] = ()


Hear = Callable[[State], Heard | None]
"""Reads the webhook in the light of what the call waits for; None where it says nothing about that."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A call as a turn finds it. `state` is None on arrival; `stored` is its text, by which a change is noticed.

    `begun`: the turn has been answered with "one moment". `call_values` are columns to write besides. `is_moved`: the
    version that the call began with was withdrawn, and it goes on to a person in the live one. `begins_with` is spoken
    before all that the flow says, and heard to its end.
    """

    asker: Asker
    voice: Voice
    version_id: int
    state: State | None
    stored: str = ""
    begun: bool = False
    call_values: Mapping[str, Any] = field(default_factory=dict)
    is_moved: bool = False
    begins_with: tuple[Line, ...] = ()


def answer_arrival(telephone: Telephone, voice: Voice, call_sid: str, caller: Caller, to_number: str) -> str:
    """Turn 0: the document for a call that has just come in."""
    now = telephone.clock.now()
    known = telephone.store.glance(_ARRIVAL, {"name": FLOW, "caller": caller.number, "now": now})[0]
    version_id, language, calls, confirmed_at, draft_id = known
    heard = find_heard(telephone, draft_id) if draft_id is not None else None
    pinned = heard or telephone.flows.pinned(FLOW, version_id)
    asker = Asker(telephone, pinned.flow, call_sid, caller.number, 0, now)
    values = {
        "from_number": caller.number,
        "from_raw": caller.raw,
        "number_kind": caller.kind,
        "to_number": to_number,
        "flow": DRAFT if heard else FLOW,
        "flow_version_id": pinned.version_id,
        "status": "in-progress",
        "status_rank": rank_of("in-progress"),
        "started_at": now,
        "answered_at": now,
    }
    is_confirmed = confirmed_at is not None
    event = Arrived(now.timestamp(), caller.number, caller.kind, bool(calls), language, number_confirmed=is_confirmed)
    begins_with = trial_lines(language, pinned.flow.languages) if heard else ()
    standing = Standing(asker, voice, pinned.version_id, None, call_values=values, begins_with=begins_with)
    return _answer(standing, Heard(event))


def answer_placed(telephone: Telephone, voice: Voice, call_sid: str, citizen: Caller, flow: str, language: str) -> str:
    """Turn 0 of a call that we have placed: the flow `flow`, in the citizen's own language from its first word."""
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        pinned = telephone.flows.live(connection, flow)
    asker = Asker(telephone, pinned.flow, call_sid, citizen.number, 0, now)
    values = {
        # Whoever looks for the citizen of this call finds them on either side of it.
        "from_number": citizen.number,
        "from_raw": citizen.raw,
        "number_kind": citizen.kind,
        "to_number": citizen.number,
        "direction": "outbound-api",
        "purpose": flow,
        "flow": flow,
        "flow_version_id": pinned.version_id,
        "status": "in-progress",
        "status_rank": rank_of("in-progress"),
        "started_at": now,
        "answered_at": now,
    }
    event = Arrived(now.timestamp(), citizen.number, citizen.kind, remembered_language=language)
    return _answer(Standing(asker, voice, pinned.version_id, None, call_values=values), Heard(event))


def answer_turn(
    telephone: Telephone, voice: Voice, call_sid: str, n: int, hear: Hear, resume: Mapping[str, str] = NO_VALUES
) -> str:
    """Turn `n`: the document for what `hear` reads. Raises LostCall."""
    recent = voice.recent.find(call_sid, n - 1)
    flow = telephone.flows.compiled(recent.flow_version_id) if recent is not None else None
    if recent is not None and flow is not None:
        now = telephone.clock.now()
        heard = hear(recent.state)
        if heard is not None:
            asker = Asker(telephone, flow, call_sid, recent.from_number, n, now, is_recalled=True)
            try:
                standing = Standing(asker, voice, recent.flow_version_id, recent.state, recent.stored)
                return _answer(_moved(standing, recent.state), heard)
            except OutOfTurn:
                voice.recent.forget(call_sid)
    return _answer_stored(telephone, voice, call_sid, n, hear, resume)


def _answer_stored(
    telephone: Telephone, voice: Voice, call_sid: str, n: int, hear: Hear, resume: Mapping[str, str]
) -> str:
    """The same, for a call that this process does not remember, or remembers elsewhere."""
    with telephone.store.read() as connection:
        call = load_call(connection, call_sid)
        if call is None or call.flow_version_id is None:
            raise LostCall(call_sid)
        stored = find_turn(connection, call_sid, n) if n <= call.turn else None
        if n > call.turn + 1:
            stored = last_turn(connection, call_sid)
        flow = telephone.flows.get(connection, call.flow_version_id)
    state = from_json(call.state)
    begun = stored is not None and n == call.turn and state.expects == "answer" and bool(resume)
    if stored is not None and not begun:
        return stored.twiml
    if call.ended_at is not None:
        return HANG_UP
    now = telephone.clock.now()
    heard = Heard(Resumed(state.turn, now.timestamp())) if begun else hear(state)
    if heard is None:
        return _again(telephone, call)
    asker = Asker(telephone, flow, call_sid, call.from_number, n, now, resume)
    return _answer(_moved(Standing(asker, voice, call.flow_version_id, state, call.state, begun), state), heard)


def _moved(standing: Standing, state: State) -> Standing:
    """The call in the live version, where its own was withdrawn and it still asks the caller something.

    A message under way is kept first, whoever waits in line stays there, and who has spoken with a person is through.
    """
    if state.expects != "keys" or state.talked or state.settled:
        return standing
    live = standing.asker.telephone.flows.instead_of(standing.asker.flow.name, standing.version_id)
    if live is None:
        return standing
    values = {**standing.call_values, "flow_version_id": live.version_id}
    asker = replace(standing.asker, flow=live.flow)
    return replace(standing, asker=asker, version_id=live.version_id, call_values=values, is_moved=True)


def _answer(standing: Standing, heard: Heard) -> str:
    """Answer the event; if anything breaks, answer that as a fault of ours, which leads the caller to a person."""
    asker = standing.asker
    try:
        return _run(standing, heard)
    except (OutOfTurn, StoreUnavailable):
        raise  # a store that is down would cost the caller a second wait, and the telephone network has 15 s in all
    except Exception as error:
        if standing.state is None:
            raise
        log.exception("turn_failed", call_sid=asker.call_sid, turn=asker.turn)
        fault = Faulted(standing.state.turn, asker.now.timestamp(), type(error).__name__)
        return _run(standing, Heard(fault, heard.writes))


def _run(standing: Standing, heard: Heard) -> str:
    asker = standing.asker
    try:
        walked = walk(asker, standing.state, heard.event, is_moved=standing.is_moved)
        refused = walked.actions[0] if walked.actions else None
        if isinstance(refused, REFUSALS):
            return _refuse(asker, refused)
        if standing.begins_with:
            walked = replace(walked, actions=[Speak(standing.begins_with, interrupt=False), *walked.actions])
        return _commit(standing, heard, walked, _compose(standing, walked))
    except Repeated as repeat:
        return repeat.twiml
    except OutOfTurn:
        if asker.is_recalled:
            raise  # the memory was old: the store knows better
        return _refuse(asker, Nothing())


def _compose(standing: Standing, walked: Walk) -> str:
    asker, voice = standing.asker, standing.voice
    place = Place(
        voice.addresses,
        asker.call_sid,
        walked.state.turn,
        voice.speaking(asker.flow),
        partial(recording_address, asker.telephone.config),
    )
    if walked.unsettled is None:
        return document(walked.actions, place)
    words = () if standing.begun else in_language(walked.state.language, ONE_MOMENT)
    back_to = voice.addresses.turn(asker.call_sid, asker.turn, walked.unsettled.query)
    return one_moment(walked.actions, words, back_to, place)


def _commit(standing: Standing, heard: Heard, walked: Walk, twiml: str) -> str:
    """Write the turn, its call and its effects in one transaction. A repeat gets what was stored; nothing changes."""
    asker = standing.asker
    wrong = wrong_key(asker.flow, standing.state, heard.event, walked.actions)
    path = path_of(walked.actions, asker.turn, twiml, wrong)
    stored_state = to_json(walked.state)
    call_values = {
        **standing.call_values,
        "state": stored_state,
        "step": walked.state.step,
        "language": walked.state.language,
        "phase": _phase(walked),
    }
    claim = TurnClaim(
        call_sid=asker.call_sid,
        n=asker.turn,
        digest=digest(heard.event, asker.telephone.config.secret_key),
        twiml=twiml,
        path=path,
        at=asker.now,
        call_values=call_values,
        caller=asker.from_number,
        language=next((action.language for action in walked.actions if isinstance(action, Remember)), None),
    )
    nudges = Nudges()
    if not standing.begun and not heard.writes and not walked.writes:
        stored = asker.telephone.store.claim(claim)
        answered = twiml if stored is None else stored.twiml
    else:
        answered, nudges = asker.telephone.store.write(partial(_write, standing, heard, walked, claim))
    if answered is twiml and walked.unsettled is None:
        recent = RecentCall(
            asker.call_sid, asker.from_number, standing.version_id, asker.turn, walked.state, stored_state
        )
        standing.voice.recent.keep(recent)
    else:
        standing.voice.recent.forget(asker.call_sid)
    nudges.give(asker.telephone.wake)
    return answered


def _write(
    standing: Standing, heard: Heard, walked: Walk, claim: TurnClaim, connection: Connection
) -> tuple[str, Nudges]:
    """The turn with its effects, in a transaction. Returns the document to give and whom to wake."""
    nudges = Nudges()
    if standing.begun:
        finish_turn(
            connection,
            claim.call_sid,
            claim.n,
            standing.stored,
            twiml=claim.twiml,
            path=claim.path,
            call_values=claim.call_values,
        )
        remember_language(connection, claim)
    else:
        stored = claim_turn(connection, claim)
        if stored is not None:
            return stored.twiml, nudges
    for effect in (*heard.writes, *walked.writes):
        effect(connection, nudges)
    return claim.twiml, nudges


def _phase(walked: Walk) -> str:
    if walked.state.expects == "over":
        return "ended"
    return "queued" if walked.state.expects == "queue" else "menus"


def _refuse(asker: Asker, refused: Reject | Replay | Nothing) -> str:
    """Nothing changes: the turn's own document again, or the last one that the call was given."""
    with asker.telephone.store.read() as connection:
        stored = find_turn(connection, asker.call_sid, asker.turn)
        if stored is None and isinstance(refused, Reject):
            stored = last_turn(connection, asker.call_sid)
    return stored.twiml if stored is not None else HANG_UP


def _again(telephone: Telephone, call: LiveCall) -> str:
    with telephone.store.read() as connection:
        stored = last_turn(connection, call.sid)
    return stored.twiml if stored is not None else HANG_UP
