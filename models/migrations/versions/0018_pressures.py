"""Citizens who were pressed to take their complaint back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_WAITING = sa.text("seen_to_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "pressure",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("call_sid", sa.Text()),
        sa.Column("told_to", _ID, nullable=False),
        sa.Column("told_at", _TIME, nullable=False),
        sa.Column("seen_to_by", _ID),
        sa.Column("seen_to_at", _TIME),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_pressure_complaint_id"),
        sa.ForeignKeyConstraint(["told_to"], ["staff.id"], name="fk_pressure_told_to"),
        sa.ForeignKeyConstraint(["seen_to_by"], ["staff.id"], name="fk_pressure_seen_to_by"),
        sa.PrimaryKeyConstraint("id", name="pk_pressure"),
    )
    op.create_index("ix_pressure_complaint_id", "pressure", ["complaint_id"])
    op.create_index("ix_pressure_waiting", "pressure", ["told_at"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.drop_table("pressure")
