"""Citizens who are asked whether it is solved."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feedback_call",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("placed_at", _TIME),
        sa.Column("call_sid", sa.Text()),
        sa.Column("first_try_at", _TIME),
        sa.Column("last_try_at", _TIME),
        sa.Column("next_try_at", _TIME),
        sa.Column("taken_by", _ID),
        sa.Column("taken_until", _TIME),
        sa.Column("outcome", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.CheckConstraint("state IN ('open', 'ringing', 'taken', 'done')", name=op.f("ck_feedback_call_state")),
        sa.CheckConstraint("outcome IN ('answered', 'unreachable')", name=op.f("ck_feedback_call_outcome")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_feedback_call_complaint_id"),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name="fk_feedback_call_taken_by"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_call"),
        sa.UniqueConstraint("complaint_id", "event_n", name="uq_feedback_call_complaint_id_event_n"),
    )
    op.create_index("ix_feedback_call_call_sid", "feedback_call", ["call_sid"])
    ringing, not_done = sa.text("state = 'ringing'"), sa.text("state <> 'done'")
    op.create_index(
        "uq_feedback_call_ringing",
        "feedback_call",
        ["number"],
        unique=True,
        sqlite_where=ringing,
        postgresql_where=ringing,
    )
    op.create_index(
        "ix_feedback_call_open",
        "feedback_call",
        ["next_try_at"],
        sqlite_where=not_done,
        postgresql_where=not_done,
    )
    op.add_column("talk", sa.Column("feedback_id", _ID))
    op.create_index("ix_talk_feedback_id", "talk", ["feedback_id"])


def downgrade() -> None:
    op.drop_index("ix_talk_feedback_id", "talk")
    op.drop_column("talk", "feedback_id")
    op.drop_table("feedback_call")
