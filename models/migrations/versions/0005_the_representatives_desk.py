"""The representative's desk: transfers, checks, requests for help, diversions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diversion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('silent', 'crank', 'abusive')", name=op.f("ck_diversion_reason")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_diversion_made_by")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_diversion_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diversion")),
        sa.UniqueConstraint("talk_id", name=op.f("uq_diversion_talk_id")),
    )
    with op.batch_alter_table("diversion", schema=None) as batch_op:
        batch_op.create_index("ix_diversion_number", ["number", "until"], unique=False)

    op.create_table(
        "help_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'taken', 'closed')", name=op.f("ck_help_request_state")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_help_request_staff_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_help_request_taken_by")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_help_request_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.create_index(
            "uq_help_request_live_talk",
            ["talk_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "keypad_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'right', 'wrong', 'not_sent', 'gone')", name=op.f("ck_keypad_check_state")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_keypad_check_message_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_keypad_check_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keypad_check")),
    )
    with op.batch_alter_table("keypad_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keypad_check_call_sid"), ["call_sid"], unique=False)
        batch_op.create_index(batch_op.f("ix_keypad_check_talk_id"), ["talk_id"], unique=False)
        batch_op.create_index(
            "uq_keypad_check_asked",
            ["talk_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to_staff", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("to_language", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("guest_talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("leg_sid", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('warm', 'cold')", name=op.f("ck_transfer_kind")),
        sa.CheckConstraint(
            "state IN ('ringing', 'consulting', 'joined', 'alone', 'done', 'failed')", name=op.f("ck_transfer_state")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_transfer_asked_by")),
        sa.ForeignKeyConstraint(["guest_talk_id"], ["talk.id"], name=op.f("fk_transfer_guest_talk_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_transfer_talk_id")),
        sa.ForeignKeyConstraint(["to_staff"], ["staff.id"], name=op.f("fk_transfer_to_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_guest_talk_id"), ["guest_talk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_leg_sid"), ["leg_sid"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_talk_id"), ["talk_id"], unique=False)
        batch_op.create_index(
            "uq_transfer_open_talk",
            ["talk_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('ringing', 'consulting', 'joined', 'alone')"),
            postgresql_where=sa.text("state IN ('ringing', 'consulting', 'joined', 'alone')"),
        )
        batch_op.create_index(
            "uq_transfer_ringing_staff",
            ["to_staff"],
            unique=True,
            sqlite_where=sa.text("state = 'ringing'"),
            postgresql_where=sa.text("state = 'ringing'"),
        )

    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_nearby", ["category", "place_code", "registered_at"], unique=False)

    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("held_s", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("guest_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("pressed_kind", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("real_kind", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_talk_guest_of",
            ["guest_of"],
            unique=False,
            sqlite_where=sa.text("guest_of IS NOT NULL"),
            postgresql_where=sa.text("guest_of IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_talk_guest_of",
            sqlite_where=sa.text("guest_of IS NOT NULL"),
            postgresql_where=sa.text("guest_of IS NOT NULL"),
        )
        batch_op.drop_column("real_kind")
        batch_op.drop_column("pressed_kind")
        batch_op.drop_column("guest_of")
        batch_op.drop_column("held_s")
        batch_op.drop_column("held_since")

    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_nearby")

    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.drop_column("next_try_at")
        batch_op.drop_column("taken_until")

    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transfer_ringing_staff",
            sqlite_where=sa.text("state = 'ringing'"),
            postgresql_where=sa.text("state = 'ringing'"),
        )
        batch_op.drop_index(
            "uq_transfer_open_talk",
            sqlite_where=sa.text("state IN ('ringing', 'consulting', 'joined', 'alone')"),
            postgresql_where=sa.text("state IN ('ringing', 'consulting', 'joined', 'alone')"),
        )
        batch_op.drop_index(batch_op.f("ix_transfer_talk_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_leg_sid"))
        batch_op.drop_index(batch_op.f("ix_transfer_guest_talk_id"))

    op.drop_table("transfer")
    with op.batch_alter_table("keypad_check", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_keypad_check_asked",
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )
        batch_op.drop_index(batch_op.f("ix_keypad_check_talk_id"))
        batch_op.drop_index(batch_op.f("ix_keypad_check_call_sid"))

    op.drop_table("keypad_check")
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_help_request_live_talk",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.drop_table("help_request")
    with op.batch_alter_table("diversion", schema=None) as batch_op:
        batch_op.drop_index("ix_diversion_number")

    op.drop_table("diversion")
