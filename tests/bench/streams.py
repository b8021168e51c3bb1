"""The stream process of a benchmark, and event streams that are held open while something else is measured."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from agent_console.demo_staff import DEMO_PASSWORD
from agent_console.session_cookie import SESSION_COOKIE, session_serializer
from config import Config
from tests.bench.servers import ROOT, Server, cpu_of, group_of, settings_of
from tests.line import HELPLINE, answers, free_ports


@dataclass(frozen=True)
class Streams:
    """A stream process beside a server, and the pass of somebody who is signed in there."""

    process: subprocess.Popen[bytes]
    port: int
    origin: str
    cookie: str

    def cookie_of(self, staff_id: int, config: Config) -> str:
        """The cookie of somebody else, as if they had signed in like the one who has."""
        serializer = session_serializer(config.secret_key)
        _, _, signed = self.cookie.partition(f"{SESSION_COOKIE}=")
        session = serializer.loads(signed.partition(";")[0])
        return f"{SESSION_COOKIE}={serializer.dumps(session | {'_user_id': f'{staff_id}:0'})}"

    def request(self, cookie: str = "") -> bytes:
        """What a page sends to open its stream."""
        lines = (f"Host: 127.0.0.1:{self.port}", f"Origin: {self.origin}", f"Cookie: {cookie or self.cookie}")
        return "\r\n".join(("GET /events HTTP/1.1", *lines, "", "")).encode()

    def cpu_seconds(self) -> float:
        """User and system time of the process and its children so far. Linux only."""
        return sum(cpu_of(pid) for pid in group_of(self.process.pid))

    def memory_bytes(self) -> int:
        """What the process and its children hold of the machine's memory. Linux only."""
        return sum(_memory_of(pid) for pid in group_of(self.process.pid))


def _memory_of(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


@contextmanager
def stream_process(server: Server, folder: Path) -> Iterator[Streams]:
    """Run a Valkey and a stream process beside the server."""
    (port,) = free_ports(1)
    stream_url = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "STREAM_URL": stream_url,
        **settings_of(folder, server.url, server.config.database_url),
    }
    with (folder / "stream.log").open("wb") as output, ExitStack() as stack:
        valkey = subprocess.Popen([HELPLINE, "valkey"], env=environment, cwd=ROOT, stdout=output, stderr=output)
        stack.callback(_stop, valkey)
        stream = subprocess.Popen(
            [HELPLINE, "stream"], env=environment, cwd=ROOT, stdout=output, stderr=output, process_group=0
        )
        stack.callback(_stop, stream)
        end = time.monotonic() + 60
        while not answers(f"{stream_url}/health"):
            if time.monotonic() > end:
                raise RuntimeError((folder / "stream.log").read_text(errors="replace")[-3000:])
            time.sleep(0.1)
        yield Streams(stream, port, server.url, sign_in(server.url))


@contextmanager
def idle_streams(server: Server, folder: Path, count: int) -> Iterator[None]:
    """Keep `count` signed-in streams open."""
    with stream_process(server, folder) as streams, ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(open_stream(streams))
        yield


def sign_in(url: str, login: str = "asha") -> str:
    """The cookie of somebody of the demonstration who has signed in; without a name, of a representative."""
    with httpx.Client(base_url=url) as browser:
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/sign-in").text)
        assert token is not None
        data = {"login": login, "password": DEMO_PASSWORD, "csrf_token": token[1]}
        answer = browser.post("/desk/sign-in", data=data)
        assert answer.status_code == 302, answer.status_code
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


@contextmanager
def open_stream(streams: Streams) -> Iterator[None]:
    """One stream, read up to its welcome."""
    with socket.create_connection(("127.0.0.1", streams.port), timeout=30) as connection:
        connection.sendall(streams.request())
        begun = b""
        while b"welcome" not in begun:
            received = connection.recv(4096)
            if not received:
                raise RuntimeError(begun.decode(errors="replace"))
            begun += received
        yield


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=30)
