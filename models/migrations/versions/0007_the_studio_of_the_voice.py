"""Wordings that wait to be published, the numbered lines of the recording scripts, and people's takes of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wording_change",
        sa.Column("id", _ID, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("compared_with", sa.Text()),
        sa.Column("template", sa.Text()),
        sa.Column("template_id", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wording_change"),
        sa.UniqueConstraint("flow", "prompt", "language", name="uq_wording_change_flow_prompt_language"),
    )
    op.create_table(
        "script_line",
        sa.Column("id", _ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_script_line"),
        sa.UniqueConstraint("language", "number", name="uq_script_line_language_number"),
        sa.UniqueConstraint("words_key", name="uq_script_line_words_key"),
    )
    op.create_table(
        "take",
        sa.Column("id", _ID, nullable=False),
        sa.Column("line_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("sound", sa.LargeBinary()),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", _TIME, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", _TIME),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'discarded', 'withdrawn')", name=op.f("ck_take_state")),
        sa.ForeignKeyConstraint(["line_id"], ["script_line.id"], name="fk_take_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_take"),
        sa.UniqueConstraint("line_id", "name", name="uq_take_line_id_name"),
    )
    op.create_index("ix_take_state", "take", ["state", "line_id"])


def downgrade() -> None:
    op.drop_table("take")
    op.drop_table("script_line")
    op.drop_table("wording_change")
