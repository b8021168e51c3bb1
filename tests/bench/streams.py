"""Idle event streams, held open while something else is measured."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from agent_console.demo_staff import DEMO_PASSWORD
from tests.bench.servers import ROOT, Server
from tests.line import HELPLINE, answers, free_ports


@contextmanager
def idle_streams(server: Server, folder: Path, count: int) -> Iterator[None]:
    """Run a stream process beside the server, and keep `count` signed-in streams open."""
    (port,) = free_ports(1)
    stream_url = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HELPLINE_DATA_DIR": str(folder),
        "PUBLIC_URL": server.url,
        "STREAM_URL": stream_url,
        "DATABASE_URL": server.config.database_url,
        "LOG_FORMAT": "json",
    }
    with (folder / "stream.log").open("wb") as output, ExitStack() as stack:
        valkey = subprocess.Popen([HELPLINE, "valkey"], env=environment, cwd=ROOT, stdout=output, stderr=output)
        stack.callback(_stop, valkey)
        stream = subprocess.Popen([HELPLINE, "stream"], env=environment, cwd=ROOT, stdout=output, stderr=output)
        stack.callback(_stop, stream)
        end = time.monotonic() + 60
        while not answers(f"{stream_url}/health"):
            if time.monotonic() > end:
                raise RuntimeError((folder / "stream.log").read_text(errors="replace")[-3000:])
            time.sleep(0.1)
        cookie = sign_in(server.url)
        for _ in range(count):
            stack.enter_context(open_stream(port, server.url, cookie))
        yield


def sign_in(url: str) -> str:
    """The cookie of a signed-in representative."""
    with httpx.Client(base_url=url) as browser:
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/sign-in").text)
        assert token is not None
        data = {"login": "asha", "password": DEMO_PASSWORD, "csrf_token": token[1]}
        answer = browser.post("/desk/sign-in", data=data)
        assert answer.status_code == 302, answer.status_code
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


@contextmanager
def open_stream(port: int, origin: str, cookie: str) -> Iterator[None]:
    """One stream, read up to its welcome."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n\r\n"
        connection.sendall(request.encode())
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
