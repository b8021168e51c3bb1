"""Links by which citizens answer, and erasures that a second person agrees to."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_WAITING = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "answer_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("event_n", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", _TIME),
        sa.CheckConstraint("answer IN ('solved', 'partly', 'not_solved')", name=op.f("ck_answer_link_answer")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_answer_link_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_link"),
        sa.UniqueConstraint("complaint_id", "event_n", name="uq_answer_link_complaint_id_event_n"),
        sa.UniqueConstraint("secret_hash", name="uq_answer_link_secret_hash"),
    )
    op.create_table(
        "erasure",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", _ID, nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("decided_by", _ID),
        sa.Column("decided_at", _TIME),
        sa.Column("outcome", sa.Text()),
        sa.CheckConstraint("outcome IN ('erased', 'refused', 'taken_back')", name=op.f("ck_erasure_outcome")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_erasure_asked_by"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_erasure_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index(
        "uq_erasure_waiting", "erasure", ["number"], unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
    )


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("answer_link")
