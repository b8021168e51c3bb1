"""Recordings of talks and their pauses; acts chained by hashes; people known by single sign-on."""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

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
    for column in ("email", "sso_subject"):
        op.add_column("staff", sa.Column(column, sa.Text()))
        with op.batch_alter_table("staff") as table:
            table.create_unique_constraint(f"uq_staff_{column}", [column])
    _chain_acts()


def downgrade() -> None:
    _unseal()
    with op.batch_alter_table("audit_entry") as table:
        table.drop_constraint("uq_audit_entry_n")
        for column in ("n", "previous_hash", "hash"):
            table.drop_column(column)
    _seal()
    op.drop_table("audit_head")
    with op.batch_alter_table("staff") as table:
        for column in ("email", "sso_subject"):
            table.drop_constraint(f"uq_staff_{column}")
            table.drop_column(column)
    op.drop_table("recording_pause")
    op.drop_table("talk_recording")


def _where(condition: str) -> dict[str, Any]:
    return dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text(condition))


def _chain_acts() -> None:
    """What was written before this step is chained as it stands. Acts cannot be changed, so their seal is lifted."""
    _unseal()
    for column in (sa.Column("n", _ID), sa.Column("previous_hash", sa.Text()), sa.Column("hash", sa.Text())):
        op.add_column("audit_entry", column)
    connection = op.get_bind()
    acts = sa.table(
        "audit_entry",
        *(sa.column(name, sa.Text()) for name in ("actor", "action", "subject", "data", "previous_hash", "hash")),
        sa.column("id", _ID),
        sa.column("n", _ID),
        sa.column("at", _TIME),
    )
    n, previous = 0, hashlib.sha256(b"acts").hexdigest()
    for act in connection.execute(sa.select(acts).order_by(acts.c.id)).all():
        n += 1
        digest = _hash(n, act, previous)
        values = {"n": n, "previous_hash": previous, "hash": digest}
        connection.execute(sa.update(acts).where(acts.c.id == act.id).values(**values))
        previous = digest
    with op.batch_alter_table("audit_entry") as table:
        for name in ("n", "previous_hash", "hash"):
            table.alter_column(name, nullable=False, existing_type=_ID if name == "n" else sa.Text())
        table.create_unique_constraint("uq_audit_entry_n", ["n"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("n"), sa.column("hash"))
    connection.execute(sa.insert(head).values(id=1, n=n, hash=previous))
    _seal()


def _hash(n: int, act: Any, previous: str) -> str:
    """As `models.audit` has it at this step: a step keeps meaning what it meant."""
    at: datetime = act.at if act.at.tzinfo is not None else act.at.replace(tzinfo=UTC)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [n, act.actor, act.action, act.subject, json.loads(act.data), moment, previous]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _unseal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entry_{act}")
        return
    for act in ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER audit_entry_{act} ON audit_entry")


def _seal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_{act.lower()} BEFORE {act} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'rows of audit_entry are only added, never changed'); END"
            )
        return
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_{act.lower()} BEFORE {act} ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_entry()"
        )
