"""The Procfile, and refusing to start twice."""

import configparser
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import worker
from config import Config
from ivr.queues import CODES, RECORDINGS, WATCHED
from operations.command import ROOT
from operations.processes import AlreadyRunning, BadProcfile, read_procfile, refuse_taken_addresses, supervisor_settings


def test_each_line_is_a_process() -> None:
    assert read_procfile("# comment\nweb: helpline web\n\nworker: helpline worker --burst\n") == {
        "web": "helpline web",
        "worker": "helpline worker --burst",
    }


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(BadProcfile, match="Procfile:2"):
        read_procfile("web: helpline web\nhelpline worker\n")


def test_the_supervisor_starts_again_whatever_dies(tmp_path: Path) -> None:
    text = supervisor_settings({"web": "helpline web"}, folder=tmp_path, bin_dir=Path("/venv/bin"))
    settings = configparser.RawConfigParser()
    settings.read_string(text)
    assert settings["program:web"]["command"] == "/venv/bin/helpline web"
    assert settings["program:web"]["autorestart"] == "true"


def test_a_second_start_says_so_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(AlreadyRunning, match=f"desk cannot start: something already listens on {address}"):
            refuse_taken_addresses({"desk": address})


def test_a_free_address_is_fine() -> None:
    refuse_taken_addresses({"desk": "127.0.0.1:0"})


def test_every_queue_is_worked_on_and_codes_wait_behind_no_recording() -> None:
    commands = read_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).values()
    queues = [command.split()[2:] for command in commands if command.startswith("helpline worker")]
    assert sorted(name for names in queues for name in names) == sorted(WATCHED)
    assert not any(CODES in names and RECORDINGS in names for names in queues)


def test_a_queue_that_does_not_exist_is_named() -> None:
    told = CliRunner().invoke(worker, ["codes", "letters"], obj=Config.from_env({}))
    assert told.exit_code == 2
    assert "there is no queue 'letters'. There are: codes, texts, recordings." in told.output
