"""The web process: two faces behind one address."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import text

from app import COMMANDS, create_app, main
from config import Config
from models.store import Store
from tests.line import HELPLINE, free_ports


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    return create_app(Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path)})).test_client()


def test_a_webhook_is_proved_by_its_signature_alone(browser: FlaskClient) -> None:
    answer = browser.post("/voice/incoming", data={"CallSid": "CA1"})
    assert answer.status_code == 403
    assert "text/html" not in answer.content_type
    assert "Set-Cookie" not in answer.headers


def test_a_page_carries_the_safety_headers(browser: FlaskClient) -> None:
    answer = browser.get("/desk/sign-in")
    assert "default-src" in answer.headers["Content-Security-Policy"]


def test_health_is_told_even_before_there_is_a_store(browser: FlaskClient) -> None:
    assert browser.get("/health").status_code == 200
    told = browser.get("/ready")
    assert told.status_code == 503
    assert told.json is not None
    assert any("helpline prepare" in check["says"] or not check["well"] for check in told.json["checks"])


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there(name: str) -> None:
    with main.make_context("helpline", ["up", "--help"], resilient_parsing=True) as context:
        assert main.get_command(context, name) is not None


@pytest.mark.parametrize("command", ["up", "prepare", "staff list", "flows versions", "demo-data"])
def test_a_command_without_a_database_says_so_plainly(command: str, tmp_path: Path) -> None:
    web, stream, phone = free_ports(3)
    settings = {
        "HELPLINE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody:a-password@127.0.0.1:1/nothing",
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "STREAM_URL": f"http://127.0.0.1:{stream}",
        "EMULATOR_URL": f"http://127.0.0.1:{phone}",
    }
    ended = subprocess.run(
        [HELPLINE, *command.split()], env=settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: The ")
    assert ended.stderr.endswith("See that it runs, and that DATABASE_URL is right.\n")
    assert "Traceback" not in ended.stderr
    assert "a-password" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("settings", "command", "says"),
    [
        ({}, "flows versions", "It holds no tables yet. Run: helpline prepare"),
        ({"DATABASE_URL": "postgresql://me:a-password@here:many/helpline"}, "flows versions", "DATABASE_URL cannot be"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "prepare", "DATABASE_URL names a file that cannot be made"),
        ({"PROOF_STORE_URL": "junk"}, "router", "PROOF_STORE_URL is 'junk'"),
        ({"BIND": "192.0.2.1:9"}, "web", "The web process cannot listen on 192.0.2.1:9: "),
    ],
)
def test_what_is_wrong_is_said_plainly(settings: dict[str, str], command: str, says: str, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, command.split(), env={"HELPLINE_DATA_DIR": str(tmp_path), **settings})
    assert told.exit_code == 1
    assert says in told.output
    assert "a-password" not in told.output


def test_tables_of_a_newer_program_are_left_alone(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/helpline.db")
    store.migrate()
    with store.migrating() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    told = CliRunner().invoke(main, ["prepare"], env={"HELPLINE_DATA_DIR": str(tmp_path)})
    assert told.exit_code == 1
    assert "Its tables are those of a newer version of the program. Start that version" in told.output
    with store.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    store.close()
