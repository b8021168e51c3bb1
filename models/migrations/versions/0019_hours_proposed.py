"""Other opening hours of the week wait until a second person agrees."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_WAITING = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "hours_proposal",
        sa.Column("id", _ID, nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", _TIME, nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", _TIME),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('agreed', 'refused', 'withdrawn')", name=op.f("ck_hours_proposal_outcome")),
        sa.PrimaryKeyConstraint("id", name="pk_hours_proposal"),
    )
    op.create_index(
        "uq_hours_proposal_waiting",
        "hours_proposal",
        ["calendar"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_table("hours_proposal")
