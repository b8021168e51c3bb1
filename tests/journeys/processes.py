"""The processes of a running line, found below its supervisor, and ways to take them down."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.line import RunningLine, answers, wait_until

# Each by what stands in its command line.
PROCESSES = {
    "web": "helpline web",
    "stream": "helpline stream",
    "router": "helpline router",
    "worker": "helpline worker codes",
    "recorder": "helpline worker recordings",
    "valkey": "valkey-server",
    "emulator": "helpline emulator",
}


def processes_of(line: RunningLine) -> dict[str, int]:
    """Name to process id, of those that run just now."""
    found: dict[str, int] = {}
    for pid in children_of(line.process.pid):
        command = command_of(pid)
        for name, sign in PROCESSES.items():
            if sign in command:
                found[name] = pid
    return found


def kill(line: RunningLine, name: str) -> None:
    """`kill -9` a process and those that it has started, as a machine out of memory would. Waits for nothing."""
    pid = processes_of(line).get(name)
    for one in [] if pid is None else [*family_of(pid)]:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def wait_until_whole(line: RunningLine, seconds: float = 90) -> None:
    """Every process runs and a call can be taken."""
    wait_until(lambda: set(processes_of(line)) == set(PROCESSES) and answers(f"{line.public_url}/ready"), line, seconds)


def family_of(pid: int) -> Iterator[int]:
    """A process and all below it."""
    below = list(children_of(pid))
    yield pid
    for child in below:
        yield from family_of(child)


def children_of(pid: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name of a program may hold spaces and brackets; what follows the last bracket may not.
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    yield int(entry.name)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """Whether it runs still, and is no dead entry that waits to be looked at."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
