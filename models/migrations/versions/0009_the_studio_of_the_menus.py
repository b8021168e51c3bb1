"""Menus being changed, and who agreed to a version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("flow_version", sa.Column("approved_by", sa.Text(), nullable=True))
    op.create_table(
        "flow_draft",
        sa.Column("id", _ID, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("base_version_id", _ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("writers", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("approved_at", _TIME),
        sa.Column("approved_hash", sa.Text()),
        sa.Column("closed_at", _TIME),
        sa.ForeignKeyConstraint(["base_version_id"], ["flow_version.id"], name="fk_flow_draft_base_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flow_draft"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_flow_draft_open",
        "flow_draft",
        ["flow", "updated_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    op.drop_table("flow_draft")
    op.drop_column("flow_version", "approved_by")
