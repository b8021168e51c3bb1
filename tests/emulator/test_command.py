"""The emulator started from the shell."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

START = [sys.executable, "-c", "from ivr.emulator.command import emulator; emulator()"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "EMULATOR_NUMBER": "+919800000001", "EMULATOR_API_KEY": "SK1"}


def test_it_tells_its_address_takes_its_settings_and_stops_when_asked(environment: dict[str, str]) -> None:
    command = [*START, "--bind", "127.0.0.1:0", "--speed", "5"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = program.stdout.readline()
        url = told.split()[4].rstrip("/")
        assert told.endswith("and dials +919800000001.\n")
        assert httpx.get(f"{url}/local/about").json()["number"] == "+919800000001"
        second = subprocess.run(
            [*START, "--bind", url.partition("//")[2]], env=environment, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert "cannot listen on" in second.stderr
        assert "Traceback" not in second.stderr
        program.terminate()
        assert program.wait(10) != 0


@pytest.mark.parametrize("option", [("--speed", "0"), ("--speed", "fast"), ("--templates", "/nowhere")])
def test_junk_is_refused_with_its_name(environment: dict[str, str], option: tuple[str, str]) -> None:
    refused = subprocess.run([*START, *option], env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert option[0] in refused.stderr
