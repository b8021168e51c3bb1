"""Recordings of talks and their pauses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_STATES = "'expected', 'recording', 'waiting', 'stored', 'absent', 'failed', 'expiring', 'expired'"


def upgrade() -> None:
    op.create_table(
        "talk_recording",
        sa.Column("id", _ID, nullable=False),
        sa.Column("talk_id", _ID, nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("began_at", _TIME),
        sa.Column("seconds", sa.Integer()),
        sa.Column("name", sa.Text()),
        sa.Column("digest", sa.Text()),
        sa.Column("size", sa.Integer()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", _TIME),
        sa.Column("error", sa.Text()),
        sa.Column("stored_at", _TIME),
        sa.Column("left_network_at", _TIME),
        sa.Column("held_reason", sa.Text()),
        sa.Column("held_by", _ID),
        sa.Column("held_at", _TIME),
        sa.Column("expired_at", _TIME),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_talk_recording_state")),
        sa.ForeignKeyConstraint(["held_by"], ["staff.id"], name="fk_talk_recording_held_by"),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name="fk_talk_recording_talk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_talk_recording"),
        sa.UniqueConstraint("name", name="uq_talk_recording_name"),
        sa.UniqueConstraint("sid", name="uq_talk_recording_sid"),
    )
    op.create_index("ix_talk_recording_call_sid", "talk_recording", ["call_sid"])
    op.create_index("ix_talk_recording_created", "talk_recording", ["created_at"])
    op.create_index("ix_talk_recording_talk_id", "talk_recording", ["talk_id"])
    op.create_index("ix_talk_recording_due", "talk_recording", ["next_try_at"], **_where("next_try_at IS NOT NULL"))
    for name, states in (("kept", "'stored', 'failed', 'expiring'"), ("live", "'expected', 'recording'")):
        only = _where(f"state IN ({states})")
        op.create_index(f"ix_talk_recording_{name}", "talk_recording", ["created_at"], **only)
    op.create_index("uq_talk_recording_expected", "talk_recording", ["talk_id"], unique=True, **_where("sid IS NULL"))

    op.create_table(
        "recording_pause",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recording_id", _ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff_id", _ID),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("ends_by", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("ended_by", sa.Text()),
        sa.CheckConstraint(
            "ended_by IN ('representative', 'time', 'keypad', 'talk_over')", name=op.f("ck_recording_pause_ended_by")
        ),
        sa.CheckConstraint("reason IN ('representative', 'keypad')", name=op.f("ck_recording_pause_reason")),
        sa.ForeignKeyConstraint(["recording_id"], ["talk_recording.id"], name="fk_recording_pause_recording_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recording_pause_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_pause"),
    )
    op.create_index("ix_recording_pause_recording_id", "recording_pause", ["recording_id"])
    open_ones = _where("ended_at IS NULL")
    op.create_index("uq_recording_pause_open", "recording_pause", ["recording_id", "reason"], unique=True, **open_ones)


def downgrade() -> None:
    op.drop_table("recording_pause")
    op.drop_table("talk_recording")


def _where(condition: str) -> dict[str, sa.TextClause]:
    return dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text(condition))
