"""Texts: attempts, reports, the sweep, codes, and jobs on a real Valkey."""

import threading
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from ivr import texts
from ivr.codes import check_code, code_sent, request_code
from ivr.deliveries import believe_report
from ivr.queues import CODES, JOBS, RECORDINGS, SEND_TEXT, TEXTS, WATCHED, open_queue
from ivr.texts import PAUSES, send_text, sweep_texts
from ivr.wake import NoWake, RedisWake
from models import outbox
from models.late_event import LateEvent
from models.message import Message
from models.one_time_code import OneTimeCode
from tests.ivr.office import Office
from tests.valkey import Valkey

NUMBER = "+919830012345"
CALL = "CA" + "9" * 32


class Bell(NoWake):
    """Remembers which messages it was rung for."""

    def __init__(self) -> None:
        self.rung: list[tuple[int, bool]] = []

    def text(self, message_id: int, *, urgent: bool = False) -> None:
        self.rung.append((message_id, urgent))


def write_text(office: Office, **more: Any) -> int:
    """A message in the outbox."""
    values = {"recipient": NUMBER, "language": "bn", "template": "sms_registered", "body": "আপনার অভিযোগ"}
    message_id = office.store.write(
        lambda c: outbox.add_message(c, **{**values, "purpose": "registered", "now": office.clock.now(), **more})
    )
    assert message_id is not None
    return message_id


def report(office: Office, message_id: int, status: str, *, attempt: int = 1, code: str | None = None) -> bool:
    now = office.clock.now()
    return office.store.write(lambda c: believe_report(c, message_id, attempt, status, "SM1", code, now))


def message(office: Office, message_id: int) -> Message:
    row = office.row(Message, id=message_id)
    assert isinstance(row, Message)
    return row


def test_text_is_sent_once_with_its_own_callback(office: Office) -> None:
    message_id = write_text(office)
    assert send_text(office.telephone, message_id)
    assert not send_text(office.telephone, message_id)
    [asked] = office.network.requests("POST", "/Messages")
    assert asked.form["Body"] == "আপনার অভিযোগ"
    address = f"https://helpline.example.gov.in/voice/messages/{message_id}/status?attempt=1"
    assert asked.form["StatusCallback"] == address
    sent = message(office, message_id)
    assert (sent.status, sent.attempts) == ("sent", 1)
    assert sent.sid
    assert sent.sent_at == office.clock.now()


@pytest.mark.every_store
def test_workers_at_once_send_one_attempt(office: Office) -> None:
    message_id = write_text(office)
    start = threading.Barrier(8)
    sent: list[bool] = []

    def work() -> None:
        start.wait()
        sent.append(send_text(office.telephone, message_id))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [False] * 7 + [True]
    assert len(office.network.requests("POST", "/Messages")) == 1


def test_passing_failure_is_tried_again_after_growing_pauses_then_given_up(office: Office) -> None:
    message_id = write_text(office)
    office.network.refuse("POST", "/Messages", 503, 20503, times=10)
    for number, pause in enumerate(PAUSES, start=1):
        assert send_text(office.telephone, message_id)
        waiting = message(office, message_id)
        assert (waiting.status, waiting.attempts, waiting.error_reason) == ("queued", number, "provider_down")
        assert waiting.next_try_at == office.clock.now() + timedelta(seconds=pause)
        assert not send_text(office.telephone, message_id)
        office.clock.advance(pause)
    assert send_text(office.telephone, message_id)
    over = message(office, message_id)
    assert (over.status, over.next_try_at) == ("given_up", None)
    assert over.done_at == office.clock.now()
    assert not send_text(office.telephone, message_id)


def test_lasting_failure_is_final_at_once(office: Office) -> None:
    message_id = write_text(office)
    office.network.refuse("POST", "/Messages", 400, 21614)
    send_text(office.telephone, message_id)
    failed = message(office, message_id)
    assert (failed.status, failed.error_reason, failed.error_code) == ("failed", "not_mobile", "21614")


def test_reports_move_forward_only(office: Office) -> None:
    message_id = write_text(office)
    send_text(office.telephone, message_id)
    assert not report(office, message_id, "queued")
    assert not report(office, message_id, "sent")  # known
    assert report(office, message_id, "delivered")
    for late in ("sent", "delivered", "undelivered", "failed"):
        assert not report(office, message_id, late, code="30003")
    assert message(office, message_id).status == "delivered"
    assert len(office.rows(LateEvent)) == 5


def test_undelivered_for_good(office: Office) -> None:
    message_id = write_text(office)
    send_text(office.telephone, message_id)
    assert report(office, message_id, "undelivered", code="30007")
    final = message(office, message_id)
    assert (final.status, final.error_reason) == ("undelivered", "filtered")


def test_unreachable_phone_is_tried_again_unless_it_was_delivered_after_all(office: Office) -> None:
    message_id = write_text(office)
    send_text(office.telephone, message_id)
    assert report(office, message_id, "undelivered", code="30003")
    assert not report(office, message_id, "undelivered", code="30003")
    assert not report(office, message_id, "sent")
    assert message(office, message_id).status == "queued"
    office.clock.advance(5)
    send_text(office.telephone, message_id)
    assert message(office, message_id).attempts == 2
    assert not report(office, message_id, "undelivered", attempt=1, code="30007")  # of the first attempt
    assert report(office, message_id, "delivered", attempt=2)


def test_report_before_the_answer_is_not_undone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    message_id = write_text(office)
    real = office.telephone.gateway.send_text

    def overtaken(to: str, body: str, *, status_url: str) -> str:
        sid = real(to, body, status_url=status_url)
        assert report(office, message_id, "delivered")
        return sid

    # The race itself, which no outside event can time: the network reports before its reply has come back.
    monkeypatch.setattr(office.telephone.gateway, "send_text", overtaken)
    send_text(office.telephone, message_id)
    assert message(office, message_id).status == "delivered"


def test_sweep_finds_what_was_lost_and_what_is_due_again(office: Office) -> None:
    bell = Bell()
    watched = office.woken_by(bell)
    lost, killed = write_text(office), write_text(office)
    assert sweep_texts(watched.telephone) == 0  # their jobs may be running just now
    # A worker that took it in hand and was killed: status `sending`, and no outcome ever.
    office.store.write(lambda c: texts._claim(office.telephone, c, killed, office.clock.now()))
    office.clock.advance(10)
    sweep_texts(watched.telephone)
    assert bell.rung == [(lost, False)]
    office.clock.advance(50)
    bell.rung.clear()
    sweep_texts(watched.telephone)
    assert sorted(bell.rung) == [(lost, False), (killed, False)]
    assert send_text(office.telephone, killed)
    assert message(office, killed).attempts == 2


def test_code_is_in_no_row_and_in_the_text_only(office: Office) -> None:
    bell = Bell()
    watched = office.woken_by(bell)
    now = office.clock.now()
    message_id = request_code(watched.telephone, CALL, NUMBER, now)
    assert request_code(watched.telephone, CALL, NUMBER, now) == message_id
    assert bell.rung == [(message_id, True)]
    assert code_sent(office.telephone, message_id) is None
    send_text(office.telephone, message_id)
    assert code_sent(office.telephone, message_id) is True
    [asked] = office.network.requests("POST", "/Messages")
    code = next(word for word in asked.form["Body"].split() if word.isdecimal())
    assert len(code) == 6
    assert code not in message(office, message_id).body
    stored = office.row(OneTimeCode)
    assert code not in (stored.hmac, str(stored.id))
    wrong = "000000" if code != "000000" else "111111"
    assert check_code(office.telephone, CALL, NUMBER, wrong, now) == "wrong"
    assert check_code(office.telephone, CALL, NUMBER, code, now) == "right"
    assert check_code(office.telephone, CALL, NUMBER, code, now) == "spent"  # once


def test_code_is_spent_after_three_tries_or_five_minutes(office: Office) -> None:
    now = office.clock.now()
    send_text(office.telephone, request_code(office.telephone, CALL, NUMBER, now))
    assert check_code(office.telephone, "CA" + "8" * 32, NUMBER, "123456", now) == "spent"  # of another call
    assert [check_code(office.telephone, CALL, NUMBER, "12345", now) for _ in range(4)] == [
        "wrong",
        "wrong",
        "spent",
        "spent",
    ]
    office.clock.advance(60)
    send_text(office.telephone, request_code(office.telephone, CALL, NUMBER, office.clock.now()))
    [_, asked] = office.network.requests("POST", "/Messages")
    code = next(word for word in asked.form["Body"].split() if word.isdecimal())
    office.clock.advance(300)
    assert check_code(office.telephone, CALL, NUMBER, code, office.clock.now()) == "spent"


def test_codes_are_capped_for_a_number(office: Office) -> None:
    for _ in range(5):
        assert code_sent(office.telephone, request_code(office.telephone, CALL, NUMBER, office.clock.now())) is None
        office.clock.advance(60)
    refused = request_code(office.telephone, CALL, NUMBER, office.clock.now())
    assert code_sent(office.telephone, refused) is False
    assert not send_text(office.telephone, refused)
    office.clock.advance(3600)
    assert code_sent(office.telephone, request_code(office.telephone, CALL, NUMBER, office.clock.now())) is None


def test_code_that_comes_too_late_is_not_sent(office: Office) -> None:
    message_id = request_code(office.telephone, CALL, NUMBER, office.clock.now())
    office.clock.advance(300)
    assert not send_text(office.telephone, message_id)
    assert message(office, message_id).status == "given_up"
    assert code_sent(office.telephone, message_id) is False


def test_every_job_name_resolves() -> None:
    for name in JOBS:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function))


def test_jobs_travel_as_json_in_their_own_queues(office: Office, valkey: Valkey) -> None:
    wake = RedisWake(valkey.url)
    wake.text(7)
    wake.text(7)  # asked again at once: the same job
    wake.text(8, urgent=True)
    redis = Redis.from_url(valkey.url)
    [job] = open_queue(TEXTS, redis).jobs
    assert (job.func_name, job.args) == (SEND_TEXT, [7])
    assert [job.args for job in open_queue(CODES, redis).jobs] == [[8]]
    wake.recording(9)
    assert [job.args for job in open_queue(RECORDINGS, redis).jobs] == [[9]]
    assert WATCHED == (CODES, TEXTS, RECORDINGS)
    redis.close()


def test_redis_away_costs_nothing_but_time(office: Office, valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts wait while Redis is away, and leave when it returns: the sweep queues them, a worker sends them."""
    import worker

    monkeypatch.setattr(worker, "_telephone", lambda: office.telephone)
    valkey.stop()
    wake = RedisWake(valkey.url)
    watched = office.woken_by(wake)
    message_id = write_text(office)
    wake.text(message_id)
    wake.router()
    wake.desk()
    office.clock.advance(10)
    assert sweep_texts(watched.telephone) == 1
    valkey.start()
    again = office.woken_by(RedisWake(valkey.url))
    assert sweep_texts(again.telephone) == 1
    redis = Redis.from_url(valkey.url)
    queues = [open_queue(name, redis) for name in WATCHED]
    SimpleWorker(queues, connection=redis, serializer=JSONSerializer).work(burst=True)
    redis.close()
    assert message(office, message_id).status == "sent"
