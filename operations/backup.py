"""A copy of what cannot be made again: the database as it stood at one moment, and this machine's files.

The database comes first: each file is put in its place before the row that names it is committed, and so no row of
the copy is without its file. Promises go the other way, from the disk into the database, and are copied before it, too.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from config import Config
from operations.store_fault import shape_of_store

_SPOOL = "spool"
FOLDERS = ("audio", "proofs", "recordings", "secrets", _SPOOL)  # of the data folder; valkey, run and metrics come anew
_TOLD, _SQLITE, _DUMP = "backup.json", "helpline.db", "helpline.dump"
_UNFINISHED = ".part"


class BackupFailed(RuntimeError):
    """There is no whole copy, or it cannot be put back. The message says why."""


def back_up(config: Config, to: Path, now: datetime) -> Path:
    """Write a copy into a new folder below `to`, which its owner alone may read. Raises BackupFailed."""
    if (shape := shape_of_store(config)) in (None, "empty"):
        raise BackupFailed("There is nothing to copy: the database " + ("is empty." if shape else "does not answer."))
    whole = to / f"helpline-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    part = whole.with_name(whole.name + _UNFINISHED)
    try:
        part.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BackupFailed(f"{part} cannot be made: {error.strerror}.") from error
    try:
        _copy_files(config.data_dir / _SPOOL, part / _SPOOL)
        _copy_database(make_url(config.database_url), part)
        files = {folder: _copy_files(config.data_dir / folder, part / folder) for folder in FOLDERS}
        told = {"made_at": now.isoformat(), "database": _kind(config), "files": files}
        (part / _TOLD).write_text(json.dumps(told), encoding="ascii")
        os.sync()
        part.rename(whole)
    except (OSError, sqlite3.Error, BackupFailed) as error:
        shutil.rmtree(part, ignore_errors=True)  # on a disk that it has filled the line could write nothing any more
        raise error if isinstance(error, BackupFailed) else BackupFailed(f"It was not copied: {error}.") from error
    return whole


def put_back(config: Config, copy: Path) -> None:
    """Fill an empty database and the data folder from a copy. Raises BackupFailed, for a database with tables too."""
    try:
        told = json.loads((copy / _TOLD).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{copy} is no whole copy of `helpline backup`: {_TOLD} is missing there.") from error
    if told["database"] != _kind(config):
        raise BackupFailed(f"This copy is of {told['database']}, and DATABASE_URL names {_kind(config)}.")
    shape = shape_of_store(config)
    if shape != "empty":
        why = "holds tables already. Name an empty one in DATABASE_URL" if shape else "does not answer"
        raise BackupFailed(f"The database {why}: nothing was changed.")
    try:
        for folder in FOLDERS:
            _copy_files(copy / folder, config.data_dir / folder)
        # Last: whatever ends this before leaves a database that is empty, and it can be begun again.
        _fill_database(make_url(config.database_url), copy)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"It was not put back: {error}.") from error


def _kind(config: Config) -> str:
    return make_url(config.database_url).get_backend_name()


def _copy_database(url: URL, folder: Path) -> None:
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), folder / _SQLITE)
    else:
        _run_client(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={folder / _DUMP}")


def _fill_database(url: URL, folder: Path) -> None:
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(folder / _SQLITE, Path(url.database or ""))
    else:
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        _run_client(url, "pg_restore", *options, str(folder / _DUMP))


def _copy_sqlite(source: Path, target: Path) -> None:
    """All at one moment; who writes meanwhile goes on."""
    address = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        if (said := written.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BackupFailed(f"{target} is damaged: {said}.")
    target.chmod(0o600)


def _run_client(url: URL, program: str, *options: str) -> None:
    """Run a program of PostgreSQL. The password goes by the environment: a process list shows what is typed."""
    # Not `url.set`: it takes None for "as it was".
    address = url._replace(drivername="postgresql", password=None).render_as_string(hide_password=False)
    password = {} if url.password is None else {"PGPASSWORD": url.password}
    command: Sequence[str] = (program, *options, f"--dbname={address}")
    try:
        ended = subprocess.run(  # noqa: S603  (no shell; the options are ours)
            command, env=os.environ | password, capture_output=True, text=True, errors="replace", check=False
        )
    except FileNotFoundError as error:
        says = f"{program} is not on this machine. On Debian: apt-get install postgresql-client"
        raise BackupFailed(says) from error
    if ended.returncode != 0:
        raise BackupFailed(f"{program} failed: {ended.stderr.strip()[-400:]}")


def _copy_files(source: Path, target: Path) -> int:
    """Every file, but for those that somebody is still writing. Returns how many."""
    copied = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        if file.suffix == _UNFINISHED or not file.is_file():
            continue
        to = target / file.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # a recording whose time is over goes meanwhile
            shutil.copy2(file, to)
            copied += 1
    return copied
