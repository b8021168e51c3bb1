"""Run by Alembic: applies the steps to the connection it is handed, in the caller's transaction."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import BigInteger

import models.tables  # noqa: F401  fills the metadata
from models.base import Base, JsonText, NfcText, UtcDateTime


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own types as plain ones: a step must stay true when the code moves on."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, (NfcText, JsonText)):
        return "sa.Text()"
    if isinstance(item, BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
