"""Officers ring citizens through the helpline's number, and their own telephone is known for that."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_UNDER_WAY: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sa.text("state IN ('officer', 'citizen', 'talking')")
)
_OUTCOMES = (
    "'answered', 'busy', 'no_answer', 'failed', 'hung_up',"
    " 'officer_busy', 'officer_no_answer', 'officer_failed', 'officer_no_key'"
)


def upgrade() -> None:
    op.create_table(
        "bridge",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("own_number", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("placed_at", _TIME),
        sa.Column("call_sid", sa.Text()),
        sa.Column("rung_at", _TIME),
        sa.Column("citizen_sid", sa.Text()),
        sa.Column("talked_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("seconds", sa.Integer()),
        sa.Column("outcome", sa.Text()),
        sa.CheckConstraint("state IN ('officer', 'citizen', 'talking', 'ended')", name=op.f("ck_bridge_state")),
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name=op.f("ck_bridge_outcome")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_bridge_complaint_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_bridge_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bridge"),
    )
    op.create_index("uq_bridge_officer_at_a_time", "bridge", ["staff_id"], unique=True, **_UNDER_WAY)
    op.create_index("uq_bridge_number_at_a_time", "bridge", ["number"], unique=True, **_UNDER_WAY)
    op.create_index("ix_bridge_complaint", "bridge", ["complaint_id", "asked_at"])
    op.create_index("ix_bridge_number", "bridge", ["number"])
    op.add_column("staff", sa.Column("telephone", sa.Text()))
    op.add_column("staff", sa.Column("telephone_confirmed_at", _TIME))


def downgrade() -> None:
    op.drop_column("staff", "telephone_confirmed_at")
    op.drop_column("staff", "telephone")
    op.drop_table("bridge")
