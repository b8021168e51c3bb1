"""An officer rings a citizen: two telephones, one key. It ends once, whatever comes twice or late."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.bridges.phrases import (
    ABOUT_COMPLAINT,
    CITIZEN_AWAY,
    CITIZEN_BUSY,
    NOT_CONNECTED,
    NOT_RUNG,
    OFFICE_CALLS,
    TALK_OVER,
    TYPE_CODE,
)
from ivr.bridges.placing import sweep_bridges
from ivr.feedback.placing import plan_feedback
from ivr.publishing import seed_all
from ivr.sending import send_commands
from models.audit_entry import AuditEntry
from models.bridge import Bridge
from models.command import Command
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.event import DeskEvent
from models.record import verify_chain
from models.services.bridging import BRIDGE, RUNG, begin_bridge
from models.staff import Staff
from tests.ivr.office import Office
from tests.ivr.provider import Provider, Reply
from tests.models.desk_kit import MOBILE, lay_office, register

OWN = "+919830099999"
OFFICER, CITIZEN = "CA" + "1" * 32, "CA" + "2" * 32
CHITRA = 3


class Bridged:
    """One bridge of Chitra's, and both telephones of it."""

    def __init__(self, office: Office, code: str | None = None) -> None:
        self.office, self.provider = office, Provider(office)
        office.store.transact(lay_office)
        now = office.clock.now()

        def begin(session: Session) -> int | None:
            chitra = session.get_one(Staff, CHITRA)
            chitra.telephone, chitra.screen_language = OWN, "en"
            self.case = register(session, now=now, language="hi", contact_number=MOBILE)
            values = {"complaint_id": self.case.id, "staff_id": CHITRA, "number": MOBILE, "own_number": OWN}
            return begin_bridge(session.connection(), now, **values, language="hi", code=code)

        self.id = office.store.transact(begin)

    def place(self) -> None:
        send_commands(self.office.telephone)

    @property
    def placed(self) -> list[dict[str, str]]:
        return [asked.form for asked in self.office.network.requests("POST", "/Calls")]

    @property
    def row(self) -> Any:
        return self.office.row(Bridge, id=self.id)

    def officer(self, ending: str = "", **form: Any) -> Reply:
        sid = self.row.call_sid or OFFICER
        told = {"From": self.placed[0]["From"], "To": OWN, "CallStatus": "in-progress", "Direction": "outbound-api"}
        return self.provider.post(f"/voice/bridges/{self.id}{ending}", **{"CallSid": sid, **told, **form})

    def citizen(self, sid: str = CITIZEN) -> Reply:
        told: dict[str, Any] = {
            "CallSid": sid,
            "ParentCallSid": self.row.call_sid or "",
            "To": MOBILE,
            "Direction": "outbound-dial",
        }
        return self.provider.post(f"/voice/bridges/{self.id}/citizen", CallStatus="in-progress", **told)

    def dial(self) -> Reply:
        """Up to the ringing of the citizen."""
        self.place()
        self.officer()
        return self.officer("/key/1", Digits=self.row.code or "1")

    def ends(self, outcome: str, seconds: int | None = None) -> None:
        """It ended so, once: on the row, on the sealed record, and among the acts."""
        row = self.row
        assert (row.state, row.outcome, row.seconds, row.own_number, row.code) == ("ended", outcome, seconds, "", None)
        [event] = self.office.rows(ComplaintEvent, kind=RUNG)
        assert (event.actor, event.complaint_id) == (f"staff:{CHITRA}", self.case.id)
        assert event.data == {"result": outcome, "seconds": seconds, "call": row.call_sid}
        [act] = self.office.rows(AuditEntry, action=RUNG)
        assert (act.actor, act.subject) == (f"staff:{CHITRA}", f"complaint:{self.case.reference}")
        self.office.store.transact(lambda session: verify_chain(session, session.get_one(Complaint, self.case.id)))


@pytest.fixture
def bridged(office: Office) -> Bridged:
    return Bridged(office)


def test_the_officer_is_rung_then_the_citizen_and_neither_sees_the_other(bridged: Bridged) -> None:
    bridged.place()
    [form] = bridged.placed
    helpline = bridged.office.telephone.config.helpline_number
    assert (form["To"], form["From"], form["Timeout"]) == (OWN, helpline, "30")
    asked = bridged.officer()
    assert asked.find("Gather").attrib["numDigits"] == "1"
    assert ABOUT_COMPLAINT["en"] in asked.said
    assert bridged.row.state == "officer"
    dialled = bridged.officer("/key/1", Digits="1")
    assert dialled.find("Dial").attrib["callerId"] == helpline
    assert dialled.find("Number").text == MOBILE
    assert bridged.row.state == "citizen"
    heard = bridged.citizen()
    assert heard.said == OFFICE_CALLS["hi"]
    assert heard.verbs == ["Say"]  # then the network joins both
    assert bridged.row.state == "talking"
    bridged.office.clock.advance(65)
    over = bridged.officer("/after", DialCallStatus="completed", DialCallDuration="61")
    assert over.said == TALK_OVER["en"]
    assert over.verbs[-1] == "Hangup"
    bridged.officer("/status", CallStatus="completed")
    bridged.ends("answered", 61)
    told = {(event.subject, event.audience) for event in bridged.office.rows(DeskEvent, kind=BRIDGE)}
    assert told == {(str(bridged.id), f"staff:{CHITRA}")}
    assert len(bridged.office.rows(DeskEvent, kind=BRIDGE)) == 4


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        ("busy", "busy", CITIZEN_BUSY),
        ("no-answer", "no_answer", CITIZEN_AWAY),
        ("failed", "failed", NOT_RUNG),
        ("completed", "failed", NOT_RUNG),  # picked up, and the sentence never came: nobody was joined
    ],
)
def test_the_officer_hears_why_the_citizen_was_not_reached(
    bridged: Bridged, status: str, outcome: str, words: dict[str, str]
) -> None:
    bridged.dial()
    assert bridged.officer("/after", DialCallStatus=status).said == words["en"]
    bridged.ends(outcome)


def test_who_hangs_up_in_the_first_sentence_was_reached_all_the_same(bridged: Bridged) -> None:
    bridged.dial()
    bridged.citizen()
    bridged.office.clock.advance(3)
    bridged.officer("/after", DialCallStatus="no-answer")
    bridged.ends("answered", 3)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", "officer_busy"),
        ("no-answer", "officer_no_answer"),
        ("failed", "officer_failed"),
        ("completed", "officer_no_key"),
    ],
)
def test_an_officer_who_is_not_reached_leaves_the_citizen_in_peace(bridged: Bridged, status: str, outcome: str) -> None:
    bridged.place()
    bridged.officer("/status", CallStatus=status)
    bridged.ends(outcome)
    assert "<Dial" not in bridged.officer("/key/1", Digits="1").text


@pytest.mark.parametrize(("state", "outcome", "seconds"), [("citizen", "hung_up", None), ("talking", "answered", 40)])
def test_an_officer_who_hangs_up_ends_it(bridged: Bridged, state: str, outcome: str, seconds: int | None) -> None:
    bridged.dial()
    if state == "talking":
        bridged.citizen()
        bridged.office.clock.advance(40)
    # The action of the Dial may or may not be asked when its caller hangs up; the network then says `completed`.
    bridged.officer("/after", CallStatus="completed", DialCallStatus="completed")
    bridged.officer("/status", CallStatus="completed")
    bridged.ends(outcome, seconds)
    if state == "citizen":
        assert bridged.citizen().verbs == ["Hangup"]  # they picked up in that very moment


def test_no_key_or_a_wrong_one_is_asked_again_and_dials_nobody(bridged: Bridged) -> None:
    bridged.place()
    bridged.officer()
    for question, digits in ((1, ""), (2, "7")):
        assert bridged.officer(f"/key/{question}", Digits=digits).verbs == ["Gather"]
    assert bridged.officer("/key/3", Digits="").said == NOT_CONNECTED["en"]
    assert bridged.row.rung_at is None
    bridged.officer("/status", CallStatus="completed")
    bridged.ends("officer_no_key")


def test_a_telephone_that_is_not_proved_hears_of_no_complaint_and_is_proved_by_the_code(office: Office) -> None:
    bridged = Bridged(office, code="4821")
    bridged.place()
    asked = bridged.officer()
    assert asked.said == TYPE_CODE["en"]
    assert asked.find("Gather").attrib["numDigits"] == "4"
    assert bridged.officer("/key/1", Digits="1").verbs == ["Gather"]
    assert bridged.officer("/key/2", Digits="4822").verbs == ["Gather"]
    assert office.row(Staff, id=CHITRA).telephone_confirmed_at is None
    assert bridged.officer("/key/3", Digits="4821").find("Number").text == MOBILE
    assert office.row(Staff, id=CHITRA).telephone_confirmed_at == office.clock.now()


def test_another_number_named_meanwhile_is_not_proved_by_this_call(office: Office) -> None:
    bridged = Bridged(office, code="4821")
    bridged.place()
    bridged.officer()
    office.store.write(lambda connection: connection.execute(update(Staff).values(telephone="+919830088888")))
    bridged.officer("/key/1", Digits="4821")
    assert office.row(Staff, id=CHITRA).telephone_confirmed_at is None


def test_what_comes_twice_or_late_does_nothing_twice(bridged: Bridged) -> None:
    bridged.place()
    assert bridged.officer().text == bridged.officer().text
    dialled = bridged.officer("/key/1", Digits="1").text
    rung_at = bridged.row.rung_at
    bridged.office.clock.advance(2)
    assert bridged.officer("/key/1", Digits="1").text == dialled
    assert bridged.row.rung_at == rung_at
    assert bridged.citizen().text == bridged.citizen().text
    assert bridged.citizen("CA" + "3" * 32).verbs == ["Hangup"]
    talked_at = bridged.row.talked_at
    bridged.office.clock.advance(30)
    bridged.officer("/status", CallStatus="completed")
    for _ in range(2):
        bridged.officer("/after", DialCallStatus="busy")
        bridged.officer("/status", CallStatus="no-answer")
        assert bridged.officer("/key/1", Digits="1").verbs == ["Hangup"]
        assert bridged.officer().verbs == ["Hangup"]
        assert bridged.citizen().verbs == ["Hangup"]
    assert bridged.row.talked_at == talked_at
    bridged.ends("answered", 30)


def test_a_call_of_somebody_else_moves_nothing(bridged: Bridged) -> None:
    bridged.place()
    other = "CA" + "9" * 32
    assert bridged.officer(CallSid=other).verbs == ["Hangup"]
    assert bridged.officer("/key/1", CallSid=other, Digits="1").verbs == ["Hangup"]
    assert bridged.officer("/after", CallSid=other, DialCallStatus="busy").verbs == ["Hangup"]
    bridged.officer("/status", CallSid=other, CallStatus="completed")
    assert bridged.row.state == "officer"


def test_a_forged_request_is_refused(bridged: Bridged) -> None:
    bridged.place()
    for ending in ("", "/key/1", "/citizen", "/after", "/status"):
        reply = bridged.provider.post(
            f"/voice/bridges/{bridged.id}{ending}", signed=False, CallSid=bridged.row.call_sid, Digits="1"
        )
        assert reply.status == 403
    assert bridged.row.state == "officer"


def test_a_command_that_comes_again_rings_nobody_twice_and_the_sweep_mends_it(bridged: Bridged) -> None:
    """As after the death of the process between the request to the network and its outcome."""
    bridged.place()
    office = bridged.office
    office.store.write(lambda connection: connection.execute(update(Command).values(done_at=None, claimed_until=None)))
    office.store.write(lambda connection: connection.execute(update(Bridge).values(call_sid=None)))
    send_commands(office.telephone)
    assert len(bridged.placed) == 1
    office.clock.advance(121)
    sweep_bridges(office.telephone)
    send_commands(office.telephone)
    bridged.ends("officer_failed")
    assert bridged.provider.post(f"/voice/bridges/{bridged.id}", CallSid=OFFICER).verbs == ["Hangup"]


def test_after_an_outage_nobody_is_rung_any_more(bridged: Bridged) -> None:
    office = bridged.office
    office.clock.advance(91)
    send_commands(office.telephone)
    assert bridged.placed == []
    office.clock.advance(30)
    sweep_bridges(office.telephone)
    send_commands(office.telephone)
    bridged.ends("officer_failed")


def test_a_talk_of_whose_end_nobody_told_is_asked_after(bridged: Bridged) -> None:
    bridged.dial()
    bridged.citizen()
    office, sid = bridged.office, bridged.row.call_sid
    office.clock.advance(130)
    sweep_bridges(office.telephone)
    send_commands(office.telephone)
    assert bridged.row.state == "talking"  # the network says that it goes on
    office.network.statuses[sid] = "completed"
    office.clock.advance(130)
    for _ in range(2):
        sweep_bridges(office.telephone)
        send_commands(office.telephone)
    bridged.ends("answered", 260)


def test_a_network_that_refuses_for_now_is_asked_again(bridged: Bridged) -> None:
    bridged.office.network.refuse("POST", "/Calls", 429, 20429)
    bridged.place()
    assert bridged.row.placed_at is None
    bridged.office.clock.advance(2)
    bridged.place()
    assert len(bridged.placed) == 2
    assert bridged.row.call_sid is not None


def test_an_officers_number_that_cannot_be_rung_ends_it(bridged: Bridged) -> None:
    bridged.office.network.refuse("POST", "/Calls", 400, 21211)
    bridged.place()
    bridged.ends("officer_failed")


def test_whom_an_officer_rings_is_not_rung_by_the_line(bridged: Bridged) -> None:
    office = bridged.office

    def report(session: Session) -> None:
        session.get_one(Complaint, bridged.case.id).state = "action_reported"

    bridged.place()
    office.store.transact(report)
    seed_all(office.store, office.clock.now())
    for _ in range(2):
        plan_feedback(office.telephone)
        send_commands(office.telephone)
    assert len(bridged.placed) == 1
    bridged.officer("/status", CallStatus="no-answer")
    plan_feedback(office.telephone)
    send_commands(office.telephone)
    assert len(bridged.placed) == 2
