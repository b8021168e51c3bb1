"""Settings: junk raises at the start and names the variable."""

import os
from pathlib import Path

import pytest

from config import BadSetting, Config


@pytest.fixture
def local(tmp_path: Path) -> dict[str, str]:
    return {"HELPLINE_DATA_DIR": str(tmp_path)}


def test_development_needs_no_settings_at_all(local: dict[str, str]) -> None:
    config = Config.from_env(local)
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.helpline_number == "+919137091370"
    assert config.database_url.startswith("sqlite:///")
    assert config.speech_online == "none"


def test_lines_to_emergency_services_are_numbers_or_sip_addresses(local: dict[str, str]) -> None:
    config = Config.from_env(local | {"EMERGENCY_LINES": "112=+913322145486, 1098=sip:childline@example.in"})
    assert config.emergency_lines == (("112", "+913322145486"), ("1098", "sip:childline@example.in"))
    assert Config.from_env(local).emergency_lines == ()


def test_a_local_secret_is_kept_over_a_restart_and_readable_by_its_owner_only(local: dict[str, str]) -> None:
    first = Config.from_env(local)
    assert Config.from_env(local).secret_key == first.secret_key
    path = Path(local["HELPLINE_DATA_DIR"], "secrets", "secret_key")
    assert os.stat(path).st_mode & 0o077 == 0


def test_the_local_address_follows_the_public_one(local: dict[str, str]) -> None:
    assert Config.from_env(local | {"PUBLIC_URL": "http://127.0.0.1:9100/"}).bind == "127.0.0.1:9100"


@pytest.mark.parametrize(
    ("name", "junk"),
    [
        ("HELPLINE_ENV", "staging"),
        ("PUBLIC_URL", "helpline.example"),
        ("CITIZEN_URL", "helpline.example"),
        ("CITIZEN_URL", "https://a-long-name.example.gov.in"),
        ("BIND", "8000"),
        ("STREAM_BIND", "0.0.0.0:99999"),
        ("DATABASE_URL", "mysql://here"),
        ("HELPLINE_NUMBER", "91370 91370"),
        ("WEB_WORKERS", "many"),
        ("RECORD_TALKS", "maybe"),
        ("RECORDING_KEEP_DAYS", "0"),
        ("RECORDING_AT_PROVIDER", "burn"),
        ("OIDC_ISSUER", "sso.example"),
        ("LOG_FORMAT", "xml"),
        ("SPEECH_ONLINE", "yes"),
        ("EMERGENCY_LINES", "112=100"),
        ("EMERGENCY_LINES", "999=+913322145486"),
        ("SPEECH_ONLINE_URL", "google"),
        ("LOCAL_VOICE_URL", "http://127.0.0.1:8003"),
        ("LOCAL_VOICE_URL", "https://127.0.0.1"),
        ("LOCAL_VOICE_URL", "https://127.0.0.1:many"),
        ("LOCAL_VOICE_URL", "https://127.0.0.1:8003/voice"),
        ("LOCAL_VOICE_URL", "https://127.0.0.1:8003?to=there"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "http://127.0.0.1:99999"),
        ("PUBLIC_URL", "https://helpline.example/?a=b"),
        ("STREAM_URL", "https://me:secret@helpline.example"),
        ("REDIS_URL", "junk"),
        ("REDIS_URL", "redis://here:many"),
        ("REDIS_URL", "unix://"),
        ("RECORDING_KEEP_DAYS", "99999999999"),  # no calendar goes so far back: every sweep of the router would fail
        ("HELPLINE_DATA_DIR", "/proc/helpline"),
    ],
)
def test_junk_raises_and_names_the_variable(local: dict[str, str], name: str, junk: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}"):
        Config.from_env(local | {name: junk})


@pytest.mark.parametrize("name", ["PUBLIC_URL", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "TWILIO_AUTH_TOKEN"])
def test_production_has_no_defaults_for_what_matters(name: str) -> None:
    complete = {
        "HELPLINE_ENV": "production",
        "PUBLIC_URL": "https://helpline.example.gov.in",
        "STREAM_URL": "https://helpline.example.gov.in",
        "DATABASE_URL": "postgresql://db/helpline",
        "REDIS_URL": "redis://queue:6379/0",
        "SECRET_KEY": "s",
        "CODE_PEPPER": "p",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "a",
        "TWILIO_APP_SID": "AP1",
        "TEXT_SENDER": "WBHELP",
    }
    assert Config.from_env(complete).emulator_url is None
    assert Config.from_env(complete).local_voice_url is None
    assert Config.from_env(complete).speech_online == "gtts"
    del complete[name]
    with pytest.raises(BadSetting, match=f"^{name} is not set"):
        Config.from_env(complete)


def test_the_local_telephone_may_do_without_voice(local: dict[str, str]) -> None:
    assert Config.from_env(local).local_voice_url == "https://127.0.0.1:8003"
    assert Config.from_env(local | {"LOCAL_VOICE_URL": "none"}).local_voice_url is None


def test_a_public_address_without_a_port_has_the_usual_one(local: dict[str, str]) -> None:
    assert Config.from_env(local | {"PUBLIC_URL": "http://localhost"}).bind == "localhost:80"


def test_a_secret_may_come_from_a_file(local: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("from a file\n")
    assert Config.from_env(local | {"TWILIO_AUTH_TOKEN_FILE": str(path)}).twilio_auth_token == "from a file"
    with pytest.raises(BadSetting, match="SECRET_KEY_FILE names .* cannot be read"):
        Config.from_env(local | {"SECRET_KEY_FILE": str(tmp_path / "absent")})
    with pytest.raises(BadSetting, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        Config.from_env(local | {"SECRET_KEY_FILE": str(path), "SECRET_KEY": "another"})
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match="TWILIO_AUTH_TOKEN_FILE names .* no text"):
        Config.from_env(local | {"TWILIO_AUTH_TOKEN_FILE": str(path)})
