"""Which shape the tables of a database have, beside what this version of the program wants."""

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
    steps = ScriptDirectory.from_config(alembic_config(connection))
    if reached == steps.get_current_head():
        return "newest"
    return "older" if reached in {step.revision for step in steps.walk_revisions()} else "newer"
