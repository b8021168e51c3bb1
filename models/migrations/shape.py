"""Which shape the tables of a database have, beside what this version of the program wants."""

from functools import cache
from typing import Literal

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.migrations.config import alembic_config

Shape = Literal["empty", "older", "newest", "newer"]


def shape_of(connection: Connection) -> Shape:
    """Compare the step that a database has reached with the steps that we know. `newer`: it is none of ours."""
    reached = MigrationContext.configure(connection).get_current_revision()
    if reached is None:
        return "empty"
    known, newest = _steps()
    if reached == newest:
        return "newest"
    return "older" if reached in known else "newer"


@cache  # each look would load every step anew
def _steps() -> tuple[frozenset[str], str | None]:
    steps = ScriptDirectory.from_config(alembic_config())
    return frozenset(step.revision for step in steps.walk_revisions()), steps.get_current_head()
