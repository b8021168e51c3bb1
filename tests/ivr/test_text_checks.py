"""Texts of which no report comes: the network is asked, less and less often, and its answer counts as the report."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from ivr.sending import send_commands
from ivr.sweeping import sweep
from ivr.texts import send_text
from models.late_event import LateEvent
from tests.ivr.network import Asked
from tests.ivr.office import Office
from tests.ivr.test_texts import message, report, write_text

SWEPT = (
    "SELECT id FROM message WHERE status IN ('queued', 'sending') AND next_try_at <= :now",
    "SELECT id FROM message WHERE status = 'sent' AND next_try_at <= :now",
)


def sent_text(office: Office) -> tuple[int, str]:
    """A text that has left: its id and MessageSid."""
    message_id = write_text(office)
    assert send_text(office.telephone, message_id)
    sid = message(office, message_id).sid
    assert sid is not None
    return message_id, sid


def look(office: Office, seconds: float = 0.0) -> None:
    """What the router does after this time."""
    office.clock.advance(seconds)
    sweep(office.telephone)
    send_commands(office.telephone)


def asked(office: Office, sid: str) -> list[Asked]:
    return office.network.requests("GET", f"/Messages/{sid}")


def test_a_lost_delivered_is_found_out(office: Office) -> None:
    message_id, sid = sent_text(office)
    office.network.statuses[sid] = "delivered"
    look(office, 59)
    assert asked(office, sid) == []
    look(office, 1)
    found = message(office, message_id)
    assert (found.status, found.next_try_at, found.done_at) == ("delivered", None, office.clock.now())
    look(office, 3600)
    assert len(asked(office, sid)) == 1


def test_a_lost_undelivered_has_the_text_tried_again(office: Office) -> None:
    message_id, sid = sent_text(office)
    office.network.statuses[sid], office.network.errors[sid] = "undelivered", 30003
    look(office, 60)
    assert message(office, message_id).status == "queued"
    office.clock.advance(5)
    assert send_text(office.telephone, message_id)
    again = message(office, message_id)
    assert (again.status, again.attempts) == ("sent", 2)
    assert again.sid != sid


def test_it_is_asked_ever_less_often_and_at_last_no_more(office: Office) -> None:
    message_id, sid = sent_text(office)
    start, at = office.clock.now(), []
    while (due := message(office, message_id).next_try_at) is not None:
        look(office, (due - office.clock.now()).total_seconds())
        at.append(office.clock.now() - start)
    minutes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192]
    assert at == [timedelta(minutes=m) for m in minutes]
    assert len(asked(office, sid)) == len(minutes)
    assert message(office, message_id).status == "sent"
    assert office.rows(LateEvent) == []


def test_a_report_in_time_spares_the_question(office: Office) -> None:
    message_id, sid = sent_text(office)
    office.clock.advance(60)
    sweep(office.telephone)
    assert report(office, message_id, "delivered")
    send_commands(office.telephone)
    assert asked(office, sid) == []


def test_an_early_sent_is_followed_up_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    message_id = write_text(office)
    real = office.telephone.gateway.send_text

    def overtaken(to: str, body: str, *, status_url: str) -> str:
        sid = real(to, body, status_url=status_url)
        assert report(office, message_id, "sent")
        return sid

    # The race itself, which no outside event can time: the network reports before its reply has come back.
    monkeypatch.setattr(office.telephone.gateway, "send_text", overtaken)
    assert send_text(office.telephone, message_id)
    sid = message(office, message_id).sid
    office.network.statuses[sid or ""] = "delivered"
    look(office, 60)
    assert message(office, message_id).status == "delivered"


def test_a_network_that_is_away_is_asked_again_and_one_that_forgot_is_not(office: Office) -> None:
    message_id, sid = sent_text(office)
    office.network.refuse("GET", f"/Messages/{sid}", 503, 20503)
    office.network.refuse("GET", f"/Messages/{sid}", 404, 20404)
    look(office, 60)
    assert message(office, message_id).next_try_at is not None
    look(office, 1)
    assert len(asked(office, sid)) == 2
    assert (message(office, message_id).status, message(office, message_id).next_try_at) == ("sent", None)


@pytest.mark.parametrize("statement", SWEPT)
def test_what_is_due_is_found_by_its_index(office: Office, statement: str) -> None:
    """Among millions of delivered texts the sweeps, which look each second, must not read the table."""

    def plan(connection: Connection) -> str:
        if office.store.url.get_backend_name() == "sqlite":
            rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), {"now": office.clock.now()})
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # which an empty table would be read by
            rows = connection.execute(text(f"EXPLAIN {statement}"), {"now": office.clock.now()})
        return " ".join(str(row) for row in rows)

    assert "ix_message_due" in office.store.write(plan)
