"""Starts the servers of a benchmark and reads how much processor time they used."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import Config
from tests.line import HELPLINE, answers, free_ports

ROOT = Path(__file__).parent.parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A started server; `config` is what it was given."""

    process: subprocess.Popen[bytes]
    url: str
    config: Config

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def cpu_seconds(self) -> float:
        """User and system time of the server and its children so far. Linux only."""
        return sum(cpu_of(pid) for pid in group_of(self.process.pid))


def group_of(leader: int) -> Iterator[int]:
    """The processes that one program has started, itself among them. Linux only."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    yield int(entry.name)
            except ProcessLookupError:
                continue


def cpu_of(pid: int) -> float:
    """User and system time of one process in seconds; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def settings_of(folder: Path, url: str, database_url: str | None) -> dict[str, str]:
    """What every process of one line is told."""
    settings = {"HELPLINE_DATA_DIR": str(folder), "PUBLIC_URL": url, "LOG_FORMAT": "json"}
    return settings | ({"DATABASE_URL": database_url} if database_url else {})


@contextmanager
def serve(folder: Path, *, baseline: bool, database_url: str | None) -> Iterator[Server]:
    """The web process (or the baseline) over a fresh store, ready to answer."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    settings = settings_of(folder, url, database_url)
    config = Config.from_env(settings)
    environment = {"PATH": os.environ["PATH"], "BENCH_PORT": str(port), "BENCH_DATABASE_URL": config.database_url}
    if baseline:
        command: list[str | Path] = [sys.executable, "-m", "tests.bench.baseline"]
    else:
        subprocess.run([HELPLINE, "prepare"], env=environment | settings, check=True, stdout=subprocess.DEVNULL)
        command = [HELPLINE, "web"]
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment | settings,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        _wait_for(process, url, "/bare" if baseline else "/health", folder)
        yield Server(process, url, config)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], url: str, path: str, folder: Path) -> None:
    end = time.monotonic() + 60
    while not _is_up(url, path):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError((folder / "server.log").read_text(errors="replace")[-3000:])
        time.sleep(0.1)


def _is_up(url: str, path: str) -> bool:
    if path == "/health":
        return answers(url + path)
    import socket

    host, _, port = url.partition("//")[2].partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def load(server: Server, *, rate: float, seconds: float, salt: str, path: str = "") -> dict[str, Any]:
    """Put a load on the server and tell what came of it, with the server's CPU per request in microseconds."""
    command = [sys.executable, "-m", "tests.bench.load", "--public-url", server.url]
    command += ["--token", server.config.twilio_auth_token, "--account", server.config.twilio_account_sid]
    command += ["--number", server.config.helpline_number, "--salt", salt]
    command += ["--rate", str(rate), "--seconds", str(seconds)]
    if path:
        command += ["--path", path]
    before = server.cpu_seconds()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: dict[str, Any] = json.loads(done.stdout)
    told["server_cpu_us"] = (server.cpu_seconds() - before) / told["sent"] * 1e6
    return told
