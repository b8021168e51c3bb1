"""`python -m tests.find_postgresql`: print the address of a PostgreSQL server on this machine that the tests may use.

Nothing is printed where there is none; why not is told on standard error.
"""

import os
import sys

import psycopg

from tests.postgresql import Server

# By trust, as packages for development set it up, over the network and over the package's own socket.
USUAL = (
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://postgres@/postgres?host=/var/run/postgresql",
)
OLDEST = 130000  # the first that drops a database in use


def why_not(url: str) -> str | None:
    """What keeps the tests from using this server; None where they can make and drop databases there."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
        if version < OLDEST:
            return f"version {version // 10000} is too old"
        with Server(url).database():
            return None
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]


def main() -> int:
    given = os.environ.get("TEST_DATABASE_URL")
    for url in (given,) if given else USUAL:
        reason = why_not(url)
        if reason is None:
            print(url)  # noqa: T201  (a program for a shell)
            return 0
        print(f"PostgreSQL: {reason}", file=sys.stderr)  # noqa: T201  for whoever waits
    return 1 if given else 0  # who names a server means it


if __name__ == "__main__":
    raise SystemExit(main())
