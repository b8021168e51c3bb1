"""By which calendar promises were counted last; explanations found by whoever owes them, and by day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("given_at IS NULL"))


def upgrade() -> None:
    op.create_table(
        "promise_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise_mark"),
    )
    op.drop_index("ix_explanation_open_officer", table_name="explanation")
    op.drop_index("ix_explanation_open_office", table_name="explanation")
    op.create_index("ix_explanation_officer", "explanation", ["officer_id", "given_at"])
    op.create_index("ix_explanation_open", "explanation", ["due_on", "office_code"], **_OPEN)


def downgrade() -> None:
    op.drop_index("ix_explanation_open", table_name="explanation")
    op.drop_index("ix_explanation_officer", table_name="explanation")
    op.create_index("ix_explanation_open_office", "explanation", ["office_code"], **_OPEN)
    op.create_index("ix_explanation_open_officer", "explanation", ["officer_id"], **_OPEN)
    op.drop_table("promise_mark")
