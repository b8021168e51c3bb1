"""A whole line as `make run` starts it, on free ports and in a folder of its own, for whole calls and for failures.

Its store is PostgreSQL where TEST_DATABASE_URL is set, in a database of the line's own; `pytest_generate_tests` says
which tests run on SQLite too.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from audio.render import render_missing
from audio.store import SoundStore
from audio.synthesizer import CannotRender
from flows.loader import load_flow, read_source
from ivr.publishing import SHIPPED, wanted_sounds
from models.file_lock import FileLock
from tests.postgresql import BACKENDS, Server

HELPLINE = Path(sys.executable).parent / "helpline"
# Rendered once for all lines and all runs: a sound's name tells what it says and how, so it is never the wrong one.
SOUNDS = Path(__file__).parent.parent / "build" / "test-sounds"
NUMBER = "+919137091370"


@dataclass(frozen=True)
class RunningLine:
    """A started line. `environment` is what its processes were given, and gives a Config of the same settings."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    data_dir: Path
    public_url: str
    emulator_url: str

    @property
    def output(self) -> str:
        """All that the processes printed so far."""
        return (self.data_dir / "output.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Stop like Ctrl-C does, and wait until every process is gone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now, and that no connection on its way out is given meanwhile."""
    with contextlib.ExitStack() as stack:
        ports: list[int] = []
        while len(ports) < count:
            port = random.randrange(20_000, 32_000)
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
                ports.append(port)
        return ports


def start_line(data_dir: Path, **settings: str) -> RunningLine:
    """Start everything and wait until calls can be taken. AssertionError with the output if it does not come up."""
    web, stream, emulator = free_ports(3)
    environment = {
        "HELPLINE_DATA_DIR": str(data_dir),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "STREAM_URL": f"http://127.0.0.1:{stream}",
        "EMULATOR_URL": f"http://127.0.0.1:{emulator}",
        "LOCAL_VOICE_URL": "none",  # sound takes processor time: only tests that measure it have it
        "LOG_FORMAT": "json",
        "WEB_WORKERS": "2",  # several, and no more than it takes to start quickly
    } | settings
    data_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(CannotRender):  # without the offline voice lines start too, and the network's own speaks
        render_sounds()
    with contextlib.suppress(FileExistsError):
        (data_dir / "audio").symlink_to(SOUNDS, target_is_directory=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (data_dir / "output.log").open("ab") as output:
        process = subprocess.Popen([HELPLINE, "up"], env=kept | environment, stdout=output, stderr=subprocess.STDOUT)
    line = RunningLine(process, environment, data_dir, environment["PUBLIC_URL"], environment["EMULATOR_URL"])
    try:
        wait_until(lambda: answers(f"{line.public_url}/ready") and answers(f"{line.emulator_url}/"), line, 240)
    except BaseException:
        line.stop()
        raise
    return line


def render_sounds() -> None:
    """Render what the shipped menus say, where nobody has. Other test processes wait: each line would render it all."""
    SOUNDS.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(FileLock(f"{SOUNDS}.lock")) as lock, lock.held():
        flows = (load_flow("helpline", read_source(SHIPPED)), load_flow("feedback", read_source(SHIPPED / "feedback")))
        render_missing(SoundStore(SOUNDS), sorted({sound for flow in flows for sound in wanted_sounds(flow)}))


def answers(url: str) -> bool:
    """Whether this address answers with 200."""
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310  (our own loopback address)
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def wait_until(happened: Callable[[], bool], line: RunningLine, seconds: float = 90) -> None:
    """Wait for something that will happen. Raises AssertionError with the line's output when it does not."""
    end = time.monotonic() + seconds
    while not happened():
        assert line.process.poll() is None, f"the line ended by itself:\n{line.output[-4000:]}"
        assert time.monotonic() < end, f"it did not happen within {seconds} s:\n{line.output[-4000:]}"
        time.sleep(0.1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the store of each test that needs a running line.

    All run on PostgreSQL where TEST_DATABASE_URL is set, else on SQLite; those marked `every_store` run on SQLite too,
    as `rest`, and so do the long proofs. Tests of one line share a test worker: most take less time than a line takes
    to start.
    """
    if "store_kind" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    # The usual store first: pytest keeps tests of the same place in such a list together, in the order of their file.
    kinds = BACKENDS[::-1] if marks & {"every_store", "soak"} else BACKENDS[-1:]
    line = "line" if "line" in metafunc.fixturenames else metafunc.module.__name__
    chosen = [
        pytest.param(
            kind,
            marks=[pytest.mark.xdist_group(f"{line}-{kind}"), *([pytest.mark.rest] if kind != kinds[0] else [])],
        )
        for kind in kinds
    ]
    metafunc.parametrize("store_kind", chosen, indirect=True, scope="session")


@pytest.fixture(scope="session")
def store_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`: what the lines of a test keep their rows in."""
    return str(request.param)


@pytest.fixture(scope="session")
def line(store_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """One line for all journeys of this test process, its telephones five times as quick as the wall."""
    with settings_of_store(store_kind) as settings:
        running = start_line(tmp_path_factory.mktemp("line"), EMULATOR_SPEED="5", **settings)
        yield running
        running.stop()


@contextmanager
def settings_of_store(kind: str) -> Iterator[dict[str, str]]:
    """Settings for a line with such a store: PostgreSQL in a database of its own, SQLite in the line's own folder."""
    if kind == "sqlite":
        yield {}
        return
    with Server().database() as url:
        yield {"DATABASE_URL": url}
