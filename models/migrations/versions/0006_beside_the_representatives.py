"""What a supervisor does beside the representatives; acts that are accounted for are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TROUBLE = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sa.text("status IN ('undelivered', 'failed', 'given_up')")
)
SEALED = ("audit_entry", "presence_stay")


def upgrade() -> None:
    op.create_table(
        "day_message",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("posted_by", BIG_ID, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["posted_by"], ["staff.id"], name=op.f("fk_day_message_posted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_message")),
    )
    with op.batch_alter_table("day_message", schema=None) as batch_op:
        batch_op.create_index("ix_day_message_ends", ["ends_at"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_notice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_staff", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('state_forced', 'talk_ended', 'work_given', 'work_taken')", name=op.f("ck_staff_notice_kind")
        ),
        sa.ForeignKeyConstraint(["by_staff"], ["staff.id"], name=op.f("fk_staff_notice_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_notice_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
    )
    with op.batch_alter_table("staff_notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_staff_notice_unread",
            ["staff_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "presence_stay",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talk_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_stay_staff_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_presence_stay_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_stay")),
    )
    with op.batch_alter_table("presence_stay", schema=None) as batch_op:
        batch_op.create_index("ix_presence_stay_began", ["began_at"], unique=False)
        batch_op.create_index("ix_presence_stay_staff", ["staff_id", "began_at"], unique=False)
        batch_op.create_index(
            "ix_presence_stay_talk",
            ["talk_id"],
            unique=False,
            sqlite_where=sa.text("talk_id IS NOT NULL"),
            postgresql_where=sa.text("talk_id IS NOT NULL"),
        )

    op.create_table(
        "listening",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("talk_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("leg_id", BIG_ID, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_by IN ('supervisor', 'mode', 'talk_over', 'line', 'no_line')", name=op.f("ck_listening_ended_by")
        ),
        sa.CheckConstraint("mode IN ('listen', 'whisper', 'barge')", name=op.f("ck_listening_mode")),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk_listening_leg_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_listening_staff_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_listening_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening")),
    )
    with op.batch_alter_table("listening", schema=None) as batch_op:
        batch_op.create_index("ix_listening_began", ["began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_listening_leg_id"), ["leg_id"], unique=False)
        batch_op.create_index(
            "ix_listening_live",
            ["talk_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_listening_live_staff",
            ["staff_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.create_index("ix_queue_entry_entered", ["entered_at"], unique=False)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("second_factor", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("second_factor_step", BIG_ID, server_default="0", nullable=False))

    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index("ix_talk_staff", ["staff_id", "id"], unique=False)
        batch_op.create_index("ix_talk_staff_started", ["staff_id", "started_at"], unique=False)
        batch_op.create_index("ix_talk_started", ["started_at"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_trouble", ["created_at"], unique=False, **TROUBLE)
    for table in SEALED:
        seal(table)


def downgrade() -> None:
    for table in SEALED:
        unseal(table)
    op.drop_index("ix_message_trouble", "message")
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.drop_index("ix_talk_started")
        batch_op.drop_index("ix_talk_staff_started")
        batch_op.drop_index("ix_talk_staff")
    for column in ("second_factor_step", "second_factor", "must_change_password"):
        op.drop_column("staff", column)
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_queue_entry_entered")
    for table in ("listening", "presence_stay", "staff_notice", "recovery_code", "day_message"):
        op.drop_table(table)


def seal(table: str) -> None:
    """Let rows be added to `table` and nothing else."""
    refusal = f"rows of {table} are only added, never changed"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
        )


def unseal(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_{act}")
        return
    for act in ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER {table}_{act} ON {table}")
    op.execute(f"DROP FUNCTION refuse_{table}()")
