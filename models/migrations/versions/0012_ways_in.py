"""By which way a complaint came in, when its paper was received, and which entry it was, so that none is made twice."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHANNELS = "channel IN ('call', 'hearing', 'letter')"


def upgrade() -> None:
    with op.batch_alter_table("complaint") as table:
        table.add_column(sa.Column("channel", sa.Text(), server_default="call", nullable=False))
        table.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("entry_key", sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_complaint_channel"), _CHANNELS)
        table.create_unique_constraint("uq_complaint_entry_key", ["entry_key"])
    op.create_index(
        "ix_complaint_other_ways",
        "complaint",
        ["registered_at"],
        sqlite_where=sa.text("channel <> 'call'"),
        postgresql_where=sa.text("channel <> 'call'"),
    )


def downgrade() -> None:
    op.drop_index("ix_complaint_other_ways", table_name="complaint")
    with op.batch_alter_table("complaint") as table:
        table.drop_constraint("uq_complaint_entry_key", type_="unique")
        table.drop_constraint(op.f("ck_complaint_channel"), type_="check")
        for column in ("channel", "received_on", "entry_key"):
            table.drop_column(column)
