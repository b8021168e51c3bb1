"""`python -m models.migrations.check` fails when the tables of the code and those of the steps differ."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from models.base import Base
from models.store import Store


def differences(folder: Path) -> list[str]:
    """What the steps lack or have too much, in words; none when they agree. Uses scratch files in `folder`."""
    stepped = Store(f"sqlite:///{folder / 'stepped.db'}")
    stepped.migrate()
    plain = Store(f"sqlite:///{folder / 'plain.db'}")
    with plain.migrating() as connection:
        Base.metadata.create_all(connection)
    with stepped.read() as after_steps, plain.read() as of_code:
        context = MigrationContext.configure(after_steps, opts={"compare_type": True})
        found = [str(difference) for difference in compare_metadata(context, Base.metadata)]
        rules = set(_rules(after_steps)) ^ set(_rules(of_code))
        found.extend(f"the rule {name} of table {table}: {text}" for table, name, text in sorted(rules))
    stepped.close()
    plain.close()
    return found


def _rules(connection: Connection) -> Iterator[tuple[str, str, str]]:
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        for rule in inspector.get_check_constraints(table):
            yield table, str(rule["name"]), " ".join(rule["sqltext"].split())


def main() -> int:
    """Exit status for `make check`."""
    with tempfile.TemporaryDirectory() as folder:
        found = differences(Path(folder))
    if not found:
        return 0
    lines = "\n".join(f"  {line}" for line in found)
    sys.stderr.write(
        f"The tables of the code and the migration steps differ:\n{lines}\n"
        'Write a step: python -m models.migrations.revise NUMBER "What changes", then read it.\n'
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
