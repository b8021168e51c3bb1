"""Somebody's number, name and words stand wherever they can stand; after erasing nowhere but where they may."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Column, Date, Table, insert, select, update
from sqlalchemy.orm import Session

from ivr.numbers import to_e164
from models.base import JsonText, NfcText, UtcDateTime
from models.call_back import CallBack
from models.command import Command
from models.draft import Draft
from models.feedback_call import FeedbackCall
from models.flow_draft import FlowDraft
from models.flow_version import FlowVersion
from models.services.forgetting import erase_person, export_person, find_person
from models.store import Store
from models.tables import TABLES
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.voice_message import VoiceMessage
from tests.models.desk_kit import lay_office

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NUMBER, OTHER, NAME, SENTENCE = "+919830099887", "+919830011223", "Rahima Khatun Bibi", "The dealer keeps our rice."
SAID = f"{NAME} {NUMBER}: {SENTENCE}"
NUMBERS = ("number", "recipient", "caller", "contact_number")  # columns that hold a number and nothing else

_OF_THE_HOUSE = """
announcement audit_head calendar category closure day_message department event flow_draft flow_publication
flow_version hours_proposal lease office place posting presence presence_stay promise_mark recovery_code routing_rule
script_line staff staff_notice sudden_holiday take wording_change
"""
HOUSE = frozenset(_OF_THE_HOUSE.split())
"""Tables of the house: its words, people, days and offices. No row of them is of one citizen."""

_CODE = "a word of the program, from a list that is closed"
_NAME_OF_OURS = "a random or running name that we gave"
_NETWORKS = "a name or word of the telephone network"
_DIGEST = "a digest: nothing can be read back from it"
_STAFF = "who of the staff did it"
_SEALED = "sealed: the record of a complaint and the acts are chains that nobody can change"
_OFFICERS = "words of an officer about what they did; the sealed record has them too"

KEEPS = {
    "accusation": {"actor": _STAFF},
    "answer_link": {"secret_hash": _DIGEST},
    "audit_entry": dict.fromkeys(("actor", "action", "subject", "data", "previous_hash", "hash"), _SEALED),
    "bridge": {"citizen_sid": _NETWORKS}
    | {"code": _CODE, "language": _CODE, "own_number": "the officer's own, until the call ends"},
    "call": dict.fromkeys(("number_kind", "flow", "step", "language", "outcome", "purpose", "direction"), _CODE)
    | {"status": _NETWORKS},
    "call_back": {"effect_key": _NAME_OF_OURS, "request_reference": _NAME_OF_OURS}
    | dict.fromkeys(("language", "queue", "outcome"), _CODE),
    "command": {"key": _NAME_OF_OURS, "kind": _CODE, "error": _CODE},
    "complaint": {"office": "the name of an office", "entry_key": _NAME_OF_OURS, "language": _CODE}
    | {"number_check": _CODE, "reason": _OFFICERS, "explanation": _OFFICERS},
    "complaint_event": dict.fromkeys(("kind", "data", "actor", "previous_hash", "hash"), _SEALED),
    "erasure": {"reason": "why a person asked to be erased, with the number of their letter there"},
    "explanation": {"text": _OFFICERS, "given_by": _STAFF},
    "feedback_call": {"language": _CODE},
    "late_event": dict.fromkeys(("kind", "status", "why"), _CODE) | {"subject": _NETWORKS},
    "leg": {"sid": _NETWORKS, "status": _NETWORKS, "ticket_hash": _DIGEST},
    "legal_hold": {"reason": "why a court or an inquiry wanted it, with its number there"}
    | dict.fromkeys(("placed_by", "released_by"), _STAFF),
    "level_stay": {"officer": "the name of an office"},
    "message": {"effect_key": _NAME_OF_OURS, "sid": _NETWORKS, "error_code": _NETWORKS}
    | dict.fromkeys(("language", "template", "purpose", "error_reason"), _CODE),
    "one_time_code": {"purpose": _CODE, "hmac": _DIGEST},
    "queue_entry": dict.fromkeys(("queue", "language", "skills", "left_key"), _CODE),
    "pressure": {"note": _OFFICERS},
    "talk": dict.fromkeys(("ended_by", "pressed_kind", "real_kind", "result"), _CODE)
    | {"conference": _NAME_OF_OURS, "conference_sid": _NETWORKS},
    "talk_recording": {"sid": _NETWORKS, "digest": _DIGEST, "error": _CODE, "name": "until the sweep deletes the file"},
    "transfer": dict.fromkeys(("to_language", "service", "reason"), _CODE) | {"leg_sid": _NETWORKS},
    "turn": {"event_digest": _DIGEST},
    "voice_message": dict.fromkeys(("language", "category", "becomes"), _CODE)
    | {"recording_sid": _NETWORKS, "request_reference": _NAME_OF_OURS},
}
"""Table -> column -> why it may keep what is put into it."""

BEGUN = {"call_sid": None, "complaint_id": None}  # a draft that neither a call nor a complaint leads to

ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    # In the first call somebody lent them a telephone: only the complaint leads to it.
    ("call", {"sid": "CA1", "from_number": OTHER, "from_raw": OTHER, "to_number": "", "phase": "ended"}),
    ("call", {"sid": "CA2", "from_number": NUMBER, "to_number": ""}),
    ("call", {"sid": "CA3", "from_number": None, "from_raw": "", "to_number": NUMBER, "direction": "outbound"}),
    ("complaint", {"reference": "26000000001", "state": "closed", "closed_at": NOW - timedelta(days=40), "events": 0}),
    ("legal_hold", {"released_at": NOW}),
    ("call_back", {"reason": "asked"}),
    ("feedback_call", {}),
    ("message", {}),
    ("message", {"recipient": OTHER, "effect_key": "2", "sid": "SM2"}),  # about their complaint, to somebody else
    ("queue_entry", {}),
    ("talk", {"state": "ended"}),
    ("talk", {"state": "ended", "call_sid": None, "feedback_id": None, "conference": "2"}),
    ("talk", {"state": "ended", "call_sid": None, "callback_id": None, "conference": "3"}),
    ("talk_recording", {"state": "stored"}),
    ("one_time_code", {"number": NUMBER, "caller": OTHER}),
    ("one_time_code", {"number": OTHER, "caller": NUMBER}),
    ("voice_message", {"number": None}),
    ("voice_message", {"call_sid": None, "recording_sid": "RE2", "request_reference": "2"}),
    ("draft", {"call_sid": None, "data": json.dumps({"text": SAID})}),
    ("draft", {"call_sid": "CA2", "complaint_id": None, "data": json.dumps({"text": SAID})}),
    ("draft", BEGUN | {"data": json.dumps({"contact_number": "098300 99887", "text": SAID})}),
    ("late_event", {"subject": "CA1"}),
    ("late_event", {}),
    ("diversion", {"reason": "crank"}),
    ("transfer", {"kind": "cold", "state": "done"}),
    ("leg", {"role": "citizen"}),
    ("recording_pause", {"reason": "keypad"}),
    ("level_stay", {}),
    ("clock_notice", {"kind": "half"}),
)
"""What is planted beside one row of each other table; the values are those that lead to the person."""


def tables() -> dict[str, Table]:
    return {table.__tablename__: table.__table__ for table in TABLES}  # type: ignore[misc]


def rows_to_plant() -> Iterator[tuple[Table, dict[str, Any]]]:
    named = {name for name, _ in ROWS}
    others: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in tables() if name not in named | HOUSE]
    for name, values in (*ROWS, *others):
        yield tables()[name], dict(values)


def value_of(table: Table, column: Column[Any], links: dict[str, Any]) -> Any:
    """What a column is filled with where nothing else is said: something of the person, wherever it can hold it."""
    listed = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
    if f"ck_{table.name}_{column.name}" in listed:
        return None
    for key in column.foreign_keys:
        return links.get(key.column.table.name)
    if column.name in ("call_sid", "feedback_id"):
        return links["call" if column.name == "call_sid" else "feedback_call"]
    if column.name in NUMBERS:
        return NUMBER
    if isinstance(column.type, JsonText):
        return {"note": SAID, "number": NUMBER}
    if isinstance(column.type, NfcText):
        return SAID
    if column.nullable or column.default is not None:
        return None
    return NOW if isinstance(column.type, UtcDateTime) else NOW.date() if isinstance(column.type, Date) else 1_000


def plant(session: Session) -> None:
    lay_office(session)
    links: dict[str, Any] = {"staff": 1, "category": "ration", "department": "food", "call": "CA1", "feedback_call": 1}
    version = FlowVersion(flow="helpline", number=1, content_hash="1", source="{}", created_at=NOW, author="sumitra")
    session.add(version)
    session.flush()
    draft = FlowDraft(
        flow="helpline", owner="sumitra", base_version_id=version.id, source="{}", saved_by="sumitra",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    links["flow_draft"] = draft.id  # what a named caller hears
    for table, values in rows_to_plant():
        filled = {column.name: value_of(table, column, links) for column in table.columns if column.name != "id"}
        row = {name: value for name, value in filled.items() if value is not None} | values
        done = session.connection().execute(insert(table).values(**row))
        links.setdefault(table.name, done.inserted_primary_key[0])  # type: ignore[index]


def left(store: Store, *marks: str) -> set[str]:
    """Every column in which one of the marks stands."""
    with store.read() as connection:
        return {
            f"{table.name}.{column}"
            for table in tables().values()
            for row in connection.execute(select(table)).mappings()
            for column, value in row.items()
            if any(mark in str(value) for mark in marks)
        }


@pytest.fixture
def planted(store: Store) -> Store:
    store.transact(plant)
    return store


def erase(store: Store) -> None:
    store.transact(
        lambda session: erase_person(
            session, find_person(session.connection(), NUMBER, to_e164), reason="asked", by="ops", now=NOW
        )
    )


def test_everything_is_planted(planted: Store) -> None:
    free = {
        f"{table.name}.{column.name}"
        for table in tables().values()
        if table.name not in HOUSE
        for column in table.columns
        if isinstance(column.type, NfcText | JsonText)
        and not column.foreign_keys
        and f"ck_{table.name}_{column.name}" not in {str(check.name) for check in table.constraints}
        and column.name not in ("call_sid", "reference")  # they lead from one row to another
    } - {"call.sid"}
    assert free - left(planted, NUMBER[3:], NAME, SENTENCE) == set()


def test_nothing_is_left_but_what_may_be_kept(planted: Store) -> None:
    erase(planted)
    may = {f"{table}.{column}" for table, columns in KEEPS.items() for column in columns}
    assert left(planted, NUMBER[3:], NAME, SENTENCE) == may


def test_the_telephone_that_was_lent_stays_its_owners(planted: Store) -> None:
    before = left(planted, OTHER)
    assert before == {
        "call.from_number",
        "call.from_raw",
        "one_time_code.number",
        "one_time_code.caller",
        "message.recipient",
    }
    erase(planted)
    assert left(planted, OTHER) == before - {"one_time_code.caller", "message.recipient"}


def test_nobody_is_to_ring_or_to_listen_any_more(planted: Store) -> None:
    erase(planted)
    with planted.read() as connection:
        assert connection.scalars(select(CallBack.state)).all() == ["opted_out"]
        assert set(connection.scalars(select(VoiceMessage.state))) == {"done"}
        assert connection.scalars(select(FeedbackCall.state)).all() == ["done"]
        assert connection.scalars(select(Command.done_at)).all() == [NOW]


def test_talks_notes_drafts_and_messages_are_told(planted: Store) -> None:
    with planted.read() as connection:
        told = export_person(connection, find_person(connection, NUMBER, to_e164))
    assert [talk["note"] for talk in told["talks"]] == [SAID] * 3
    assert [message["recording_sid"] for message in told["voice_messages"]] == [SAID, "RE2"]
    assert len(told["drafts"]) == 3


def test_a_recording_that_another_complaint_of_the_call_needs_is_kept(planted: Store) -> None:
    planted.transact(lay_complaint_of_another)
    erase(planted)
    with planted.read() as connection:
        assert connection.scalars(select(TalkRecording.state)).all() == ["stored"]


def lay_complaint_of_another(session: Session) -> None:
    """Made in the first call, by whoever owns that telephone."""
    plain = {"reference": "26000000002", "call_sid": "CA1", "category": "ration", "department_code": "food"}
    plain |= {"text": "Another's", "language": "bn", "state": "appealed", "contact_number": OTHER}
    when: dict[str, Any] = {"registered_at": NOW, "due_on": NOW.date()}
    session.connection().execute(insert(tables()["complaint"]).values(**plain, **when))


def lay_draft(store: Store, call_sid: str | None, **data: str) -> int:
    """Begun, and never registered."""
    draft = Draft(
        call_sid=call_sid, staff_id=1, data=json.dumps(data, ensure_ascii=False), created_at=NOW, updated_at=NOW
    )
    store.transact(lambda session: session.add(draft))
    return draft.id


def is_told_and_erased(store: Store, draft_id: int) -> bool:
    """Whether the draft counts as this person's; the two must agree."""
    with store.read() as connection:
        data = connection.scalar(select(Draft.data).where(Draft.id == draft_id))
        told = export_person(connection, find_person(connection, NUMBER, to_e164))["drafts"]
    erase(store)
    with store.read() as connection:
        left = connection.scalar(select(Draft.data).where(Draft.id == draft_id))
    is_told = data in [one["data"] for one in told]
    assert is_told == (left == "{}")
    return is_told


@pytest.mark.parametrize(
    "typed", [NUMBER, "9830099887", "98300 99887", "+91 98300-99887", "09830099887", "৯৮৩০০ ৯৯৮৮৭"]
)
def test_a_draft_for_their_number_is_theirs_however_it_was_typed(planted: Store, typed: str) -> None:
    assert is_told_and_erased(planted, lay_draft(planted, None, contact_number=typed, text="Begun"))


@pytest.mark.parametrize(
    ("call_sid", "data"),
    [
        (None, {"contact_number": OTHER, "text": f"{NUMBER} keeps our rice, says Mina"}),
        (None, {"text": "Ring 9830099887 about it"}),
        ("CA1", {"contact_number": OTHER, "text": "The owner of the telephone that was lent"}),
        ("CA2", {"contact_number": OTHER, "text": "To whom they lent theirs"}),
    ],
)
def test_the_draft_of_another_is_neither_told_nor_erased(
    planted: Store, call_sid: str | None, data: dict[str, str]
) -> None:
    assert not is_told_and_erased(planted, lay_draft(planted, call_sid, **data))


def test_of_a_lent_call_in_which_another_complained_only_their_complaint_is_theirs(planted: Store) -> None:
    planted.transact(lay_complaint_of_another)
    only_spoken = update(Talk).where(Talk.call_sid == "CA1").values(callback_id=None, feedback_id=None)
    planted.write(lambda connection: connection.execute(only_spoken))
    theirs = select(Draft.id).where(Draft.complaint_id.is_not(None))
    with planted.read() as connection:
        person = find_person(connection, NUMBER, to_e164)
        told = export_person(connection, person)
        assert connection.scalar(theirs) in person.drafts
    assert [talk["note"] for talk in told["talks"]] == [SAID] * 2  # neither is of that call
    assert [call["sid"] for call in told["calls"]] == ["CA2", "CA3"]
    assert not is_told_and_erased(planted, lay_draft(planted, "CA1", text="The owner's second matter"))
    with planted.read() as connection:
        notes = connection.execute(select(Talk.call_sid, Talk.note).order_by(Talk.id)).all()
    assert [tuple(note) for note in notes] == [("CA1", SAID), (None, ""), (None, "")]
