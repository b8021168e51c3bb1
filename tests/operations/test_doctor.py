"""The doctor finds nothing on a sound line, and names each fault with its mend."""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Config
from flows.loader import load_flow, read_source
from flows.texts import SYSTEM_TEXTS
from ivr.calendars import set_calendars
from ivr.emulator.server import start
from ivr.emulator.settings import Settings
from ivr.emulator.voice.certificate import server_context
from ivr.last_resort import write_promise
from ivr.line import open_telephone
from ivr.publishing import SHIPPED, seed
from models.staff import Staff
from models.store import Store
from models.talk import Talk
from models.talk_recording import TalkRecording
from operations.command import doctor
from operations.doctor import Finding, examine, look_at_settings, look_at_twilio
from operations.doctor_address import judge_certificate, look_at_certificate
from operations.doctor_inside import look_at_recordings, look_at_texts, look_inside
from operations.doctor_machine import look_at_machine
from operations.doctor_redis import judge_workers, look_at_redis
from tests.line import RunningLine
from tests.valkey import Valkey, valkey

__all__ = ["valkey"]

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
LATE = datetime(2027, 12, 1, 6, 30, tzinfo=UTC)
PRODUCTION = {
    "HELPLINE_ENV": "production",
    "PUBLIC_URL": "https://helpline.example.gov.in",
    "STREAM_URL": "https://stream.example.gov.in",
    "DATABASE_URL": "postgresql://helpline@127.0.0.1/helpline",
    "REDIS_URL": "redis://127.0.0.1:1",
    "SECRET_KEY": "s" * 64,
    "CODE_PEPPER": "p" * 64,
    "METRICS_TOKEN": "m" * 64,
    "TWILIO_ACCOUNT_SID": "AC" + "5" * 32,
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_API_KEY": "SK" + "5" * 32,
    "TWILIO_API_SECRET": "s",
    "TWILIO_APP_SID": "AP" + "5" * 32,
    "TEXT_SENDER": "WBHELP",
}


def faults(findings: Iterator[Finding] | list[Finding]) -> dict[str, str]:
    """What is to be mended, by what it is."""
    return {finding.what: finding.says for finding in findings if not finding.well}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of a line on this machine on which nothing has been done yet."""
    return Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1"})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """Its store, without tables."""
    opened = Store(config.database_url)
    yield opened
    opened.close()


def test_a_prepared_line_is_well(line: RunningLine) -> None:
    config = Config.from_env(line.environment)
    found = [*look_at_settings(config), *look_at_twilio(config), *look_inside(config, NOW)]
    assert faults(found) == {}
    looked_at = {finding.what for finding in found}
    assert {"Twilio", "API key", "number, a call comes in", "store", "menu", "texts", "sounds", "Redis"} <= looked_at
    assert {"TwiML App, request URL", "TwiML App, status callback"} <= looked_at
    assert {"calendar office", "calendar departments", "workers"} <= looked_at
    assert {finding.what for finding in examine(config)} == looked_at


def test_the_command_says_ok_or_mend_and_fails_on_a_fault(config: Config) -> None:
    told = CliRunner().invoke(doctor, obj=config)
    assert told.exit_code == 1
    assert "MEND  store: There is no database yet. Run: helpline prepare\n" in told.output
    assert "ok    HELPLINE_ENV: " in told.output


def test_a_sound_production_has_no_fault_in_its_settings() -> None:
    assert faults(look_at_settings(Config.from_env(PRODUCTION))) == {}


@pytest.mark.parametrize(
    ("setting", "value", "what", "mend"),
    [
        ("PUBLIC_URL", "http://helpline.example.gov.in", "PUBLIC_URL", "Use https"),
        ("PUBLIC_URL", "https://help_line.example.gov.in", "PUBLIC_URL", "Use another name"),
        ("DATABASE_URL", "sqlite:////srv/helpline.db", "DATABASE_URL", "Use postgresql://"),
        ("TWILIO_ACCOUNT_SID", "AC" + "0" * 31 + "1", "TWILIO_ACCOUNT_SID", "Put in the one of Twilio's console"),
        ("TEXT_SENDER", "HELP1", "TEXT_SENDER", "six letters"),
        ("SECRET_KEY", "guess", "SECRET_KEY", "openssl rand"),
        ("CODE_PEPPER", "guess", "CODE_PEPPER", "openssl rand"),
        ("METRICS_TOKEN", "", "METRICS_TOKEN", "wake somebody"),
    ],
)
def test_each_wrong_setting_is_named(setting: str, value: str, what: str, mend: str) -> None:
    found = faults(look_at_settings(Config.from_env({**PRODUCTION, setting: value})))
    assert list(found) == [what]
    assert mend in found[what]


LEGS = "http://127.0.0.1:8000/voice/legs"


def at_twilio(config: Config, change: Mapping[str, str], **set_up: str) -> dict[str, str]:
    """Faults on Twilio's side, where the number was set up like this. `change` are fields of the TwiML App."""
    right = {
        "account_sid": config.twilio_account_sid,
        "auth_token": config.twilio_auth_token,
        "api_key": config.twilio_api_key,
        "api_secret": config.twilio_api_secret,
        "app_sid": config.twilio_app_sid,
        "voice_url": f"{config.public_url}/voice/incoming",
        "status_url": f"{config.public_url}/voice/calls/status",
        "app_voice_url": f"{config.public_url}/voice/legs",
        "app_status_url": f"{config.public_url}/voice/legs/status",
    }
    network = start(Settings(**{**right, **set_up}))  # type: ignore[arg-type]  # all of these are texts
    try:
        asking = Config.from_env({"HELPLINE_DATA_DIR": str(config.data_dir), "EMULATOR_URL": network.url})
        if change:
            app = f"{network.url}/2010-04-01/Accounts/{config.twilio_account_sid}/Applications/{config.twilio_app_sid}"
            account = (config.twilio_account_sid, config.twilio_auth_token)
            requests.post(f"{app}.json", data=change, auth=account, timeout=20).raise_for_status()
        return faults(look_at_twilio(asking))
    finally:
        network.stop()


@pytest.mark.parametrize(
    ("set_up", "what", "mend"),
    [
        ({}, "", ""),
        ({"voice_url": ""}, "number, a call comes in", "Set it to http://127.0.0.1:8000/voice/incoming with HTTP POST"),
        ({"status_url": "http://127.0.0.1:8000/old"}, "number, call status changes", "Now it is http://127.0.0.1:8000/old"),
        ({"app_voice_url": ""}, "TwiML App, request URL", f"Set it to {LEGS} with HTTP POST. Now it is empty."),
        ({"app_status_url": ""}, "TwiML App, status callback", "/legs/status with HTTP POST. Now it is empty."),
        ({"app_status_url": LEGS}, "TwiML App, status callback", f"Set it to {LEGS}/status with HTTP POST"),
        ({"app_sid": "AP" + "7" * 32}, "TwiML App", "does not exist"),
        ({"number": "+919800000001"}, "number", "is not among the account's numbers"),
        ({"auth_token": "another"}, "Twilio", "Check account, token and network"),
        ({"api_secret": "another"}, "API key", "no desk has a voice"),
    ],
)  # fmt: skip
def test_each_fault_at_twilio_is_named(config: Config, set_up: dict[str, str], what: str, mend: str) -> None:
    found = at_twilio(config, {}, **set_up)
    assert list(found) == ([what] if what else [])
    assert mend in found.get(what, "")


@pytest.mark.parametrize(
    ("field", "what", "mend"),
    [
        ("VoiceMethod", "TwiML App, request URL", "Now it is http://127.0.0.1:8000/voice/legs with HTTP GET."),
        (
            "StatusCallbackMethod",
            "TwiML App, status callback",
            "Now it is http://127.0.0.1:8000/voice/legs/status with HTTP GET.",
        ),
    ],
)
def test_an_address_that_is_asked_by_get_is_named(config: Config, field: str, what: str, mend: str) -> None:
    found = at_twilio(config, {field: "GET"})
    assert list(found) == [what]
    assert mend in found[what]


def test_a_store_that_is_not_there_is_not_made(config: Config) -> None:
    assert faults(look_inside(config, NOW))["store"] == "There is no database yet. Run: helpline prepare"
    assert not (config.data_dir / "helpline.db").exists()


def test_a_store_that_does_not_answer(tmp_path: Path) -> None:
    nowhere = "postgresql://helpline@127.0.0.1:1/nowhere"
    config = Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": nowhere, "REDIS_URL": "redis://x:1"})
    assert "does not answer" in faults(look_inside(config, NOW))["store"]


def test_tables_of_another_shape(config: Config, store: Store) -> None:
    with store.migrating():
        pass
    assert "no tables yet" in faults(look_inside(config, NOW))["store"]
    store.migrate()
    for revision, says in (("0001", "older version"), ("9999", "newer version")):
        with store.migrating() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        assert says in faults(look_inside(config, NOW))["store"]


def test_what_a_store_lacks_is_named(config: Config, store: Store) -> None:
    store.migrate()
    assert "helpline prepare" in faults(look_inside(config, NOW))["menu"]
    seed(store, NOW)
    found = faults(look_inside(config, NOW))
    assert set(found) == {"sounds", "Redis"}
    assert "helpline prompts render" in found["sounds"]
    assert "REDIS_URL" in found["Redis"]


def test_holidays_that_end_are_told_in_time(config: Config, store: Store) -> None:
    store.migrate()
    seed(store, NOW)
    assert "ends on 2027-12-25" in faults(look_inside(config, LATE))["calendar office"]
    set_calendars(store, "office:\n  timezone: Asia/Kolkata\n  open:\n    mon-sun: 00:00-24:00\n", by="t", now=NOW)
    assert "calendar office" not in faults(look_inside(config, NOW))
    strict = Config.from_env({**PRODUCTION, "DATABASE_URL": config.database_url, "HELPLINE_DATA_DIR": "/nowhere"})
    assert "is empty" in faults(look_inside(strict, NOW))["calendar office"]


def test_a_text_without_a_template_or_without_words_is_named() -> None:
    source = dict(read_source(SHIPPED))
    del source["templates.yaml"]
    found = faults(look_at_texts(load_flow("helpline", source)))
    assert set(found) == {f"text {name}" for name in ("sms_callback_booked", "sms_message_kept", *SYSTEM_TEXTS)}
    assert "no approved template in bn, en, hi" in found["text sms_code"]
    for language in ("bn", "en", "hi"):
        path = f"prompts/{language}.yaml"
        source[path] = source[path].replace("  sms_code:", "  sms_password:")
    assert "no words for it in bn, en, hi" in faults(look_at_texts(load_flow("helpline", source)))["text sms_code"]


def test_recordings_that_could_not_be_fetched_and_a_store_without_its_library_are_named(
    config: Config, store: Store
) -> None:
    store.migrate()
    telephone = open_telephone(config)
    assert look_at_recordings(telephone).well
    off = replace(telephone, config=replace(telephone.config, record_talks=False))
    assert "not recorded" in look_at_recordings(off).says
    bad = replace(telephone, config=replace(telephone.config, recording_store_url="s3://"))
    assert "RECORDING_STORE_URL" in look_at_recordings(bad).says
    assert not look_at_recordings(bad).well

    def lose(session: Session) -> None:
        session.add(Staff(id=1, login="asha", name="Asha", password_hash="", created_at=NOW))
        session.flush()
        session.add(Talk(id=1, staff_id=1, conference="c", created_at=NOW))
        session.flush()
        session.add(TalkRecording(talk_id=1, call_sid="CA1", sid="RE1", state="failed", created_at=NOW))

    store.transact(lose)
    assert "1 could not be fetched" in look_at_recordings(telephone).says
    telephone.store.close()


@pytest.mark.parametrize(
    ("workers", "mend"),
    [
        ([], ""),
        ([["codes", "texts"], ["recordings"]], ""),
        ([["codes", "texts", "recordings"], ["codes"]], ""),
        ([["codes", "texts"]], "Start: helpline worker recordings"),
        ([["recordings"]], "Start: helpline worker codes texts"),
        ([["codes", "texts", "recordings"]], "Codes wait behind recordings"),
    ],
)
def test_each_queue_has_a_worker_and_codes_wait_behind_no_recording(workers: list[list[str]], mend: str) -> None:
    found = judge_workers(workers)
    assert found.well is (mend == "")
    assert mend in found.says


def test_a_router_without_workers_is_a_line_without_texts() -> None:
    assert "Start: helpline worker codes texts recordings" in judge_workers([], routed=True).says
    assert not judge_workers([], routed=True).well


def test_workers_without_a_router_lead_callers_to_nobody(valkey: Valkey, config: Config) -> None:
    client = Redis.from_url(valkey.url)
    running = SimpleWorker(["codes"], connection=client, serializer=JSONSerializer)
    running.register_birth()  # type: ignore[no-untyped-call]  # the package types it not
    asking = replace(config, redis_url=valkey.url)
    assert "router" not in faults(look_at_redis(asking, routed=True))
    assert "Start: helpline router" in faults(look_at_redis(asking))["router"]
    client.close()


def test_a_promise_that_lies_on_the_disk_is_told(config: Config) -> None:
    write_promise(config.spool_dir, "CA1", "+919830012345", NOW)
    telephone = open_telephone(config)
    soon = datetime.now(UTC)
    assert "promises" not in faults(look_at_machine(telephone, soon))
    assert "1 wait and 0 cannot be read" in faults(look_at_machine(telephone, soon + timedelta(minutes=2)))["promises"]
    telephone.store.close()


def test_a_certificate_that_nobody_trusts_or_that_ends_soon_is_told(config: Config, tmp_path: Path) -> None:
    sealing = server_context(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as plain:
        server = threading.Thread(target=answer_once, args=(plain, sealing))
        server.start()
        shown = replace(config, public_url=f"https://127.0.0.1:{plain.getsockname()[1]}")
        assert "is not trusted" in faults(look_at_certificate(shown, NOW))["certificate"]
        server.join()
    assert list(look_at_certificate(config, NOW)) == []
    assert judge_certificate(NOW + timedelta(days=15), NOW).well
    assert "It ends on 2026-12-05. Renew it" in judge_certificate(NOW + timedelta(days=13), NOW).says


def answer_once(plain: socket.socket, sealing: ssl.SSLContext) -> None:
    """Show the certificate to one who asks."""
    caller, _ = plain.accept()
    with caller, suppress(OSError):
        sealing.wrap_socket(caller, server_side=True).close()
