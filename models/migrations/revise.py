"""`python -m models.migrations.revise "Add the table of ..."` writes the next step, to be read and mended by hand."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from models.migrations.config import alembic_config
from models.store import Store


def write_step(message: str, name: str) -> None:
    """Compare the tables of the code with those of the steps, and write what is missing as step `name`."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'scratch.db'}")
        store.migrate()
        with store.migrating() as connection:
            command.revision(alembic_config(connection), message, autogenerate=True, rev_id=name)
        store.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit('Usage: python -m models.migrations.revise 0002 "Add the table of ..."')
    write_step(sys.argv[2], sys.argv[1])
