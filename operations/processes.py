"""`helpline up`: starts everything of the Procfile under one supervisor, which starts again whatever dies."""

import configparser
import errno
import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_LINE = re.compile(r"^(?P<name>[a-z][a-z0-9_]*):\s*(?P<command>\S.*)$")


class AlreadyRunning(RuntimeError):
    """An address that we need is taken, most likely by a first start of the same line, or is none of this machine."""


class BadProcfile(ValueError):
    """A line of the Procfile cannot be read."""


def read_procfile(text: str) -> dict[str, str]:
    """Process name to command, in the order written. Raises BadProcfile naming the line."""
    processes: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise BadProcfile(f"Procfile:{number}: write a name, a colon and a command, such as: web: helpline web")
        processes[match["name"]] = match["command"]
    return processes


def supervisor_settings(processes: Mapping[str, str], *, folder: Path, bin_dir: Path) -> str:
    """A supervisord configuration that runs these commands and passes their output through."""
    settings = configparser.RawConfigParser()
    settings["supervisord"] = {
        "nodaemon": "true",
        "logfile": str(folder / "supervisor.log"),
        "logfile_maxbytes": "1MB",
        "logfile_backups": "1",
        "pidfile": str(folder / "supervisor.pid"),
        "silent": "true",
    }
    for order, (name, command) in enumerate(processes.items()):
        program, *arguments = command.split(" ", 1)
        settings[f"program:{name}"] = {
            "command": " ".join([str(bin_dir / program), *arguments]).replace("%", "%%"),
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "1000000",
            "priority": str(order),
            "stopwaitsecs": "15",
            "killasgroup": "true",
            "stdout_logfile": "/dev/fd/1",
            "stdout_logfile_maxbytes": "0",
            "redirect_stderr": "true",
            "environment": 'HELPLINE_SUPERVISED="1",PYTHONUNBUFFERED="1"',
        }
    lines: list[str] = []
    for section in settings.sections():
        lines.append(f"[{section}]")
        lines += [f"{key}={value}" for key, value in settings[section].items()]
    return "\n".join(lines) + "\n"


def refuse_taken_addresses(addresses: Mapping[str, str]) -> None:
    """Raise AlreadyRunning if something listens on one of these `host:port` addresses (by what they are for)."""
    for purpose, address in addresses.items():
        host, _, port = address.rpartition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise AlreadyRunning(
                        f"The {purpose} cannot listen on {address}: {error.strerror or error}. Choose another address "
                        f"(see README, 'Addresses')."
                    ) from error
                raise AlreadyRunning(
                    f"The {purpose} cannot start: something already listens on {address}. If that is an earlier start "
                    f"of this line, use it or stop it with Ctrl-C; otherwise choose another address (see README, "
                    f"'Addresses')."
                ) from error


def die_with_parent() -> None:
    """Ask Linux to end this process when its supervisor is killed; elsewhere the supervisor's own stop must do."""
    if os.environ.get("HELPLINE_SUPERVISED") != "1" or not sys.platform.startswith("linux"):
        return
    import ctypes
    import signal

    set_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


def run_supervisor(procfiles: Iterator[Path], *, folder: Path) -> None:
    """Replace this process by the supervisor of all these Procfiles. Returns never."""
    processes: dict[str, str] = {}
    for procfile in procfiles:
        processes |= read_procfile(procfile.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    bin_dir = Path(sys.executable).parent
    settings = folder / "supervisor.ini"
    settings.write_text(supervisor_settings(processes, folder=folder, bin_dir=bin_dir), encoding="utf-8")
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(settings)]
    os.execv(command[0], command)  # noqa: S606  (no shell, and the paths are our own)
