"""Numbers that hear a draft on the real line, and the text of it that they hear."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "named_caller",
        sa.Column("id", _ID, nullable=False),
        sa.Column("draft_id", _ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("named_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["flow_draft.id"], name="fk_named_caller_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_named_caller"),
        sa.UniqueConstraint("number", name="uq_named_caller_number"),
    )
    op.create_index("ix_named_caller_draft_id", "named_caller", ["draft_id"])
    op.add_column("flow_draft", sa.Column("heard_source", sa.Text()))
    op.add_column("flow_draft", sa.Column("heard_at", _TIME))


def downgrade() -> None:
    op.drop_column("flow_draft", "heard_at")
    op.drop_column("flow_draft", "heard_source")
    op.drop_table("named_caller")
