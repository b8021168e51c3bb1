"""An index of the words of complaints, by their sounds, filled from those that are there; and one for the patterns."""

import sqlalchemy as sa
from alembic import op

from models.services.wording import index_all

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "complaint_word",
        sa.Column("sound", sa.Text(), nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_complaint_word_complaint_id"),
        sa.PrimaryKeyConstraint("sound", "complaint_id", name="pk_complaint_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_complaint_word_complaint_id", "complaint_word", ["complaint_id"])
    op.create_table(
        "known_word",
        sa.Column("sound", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sound", name="pk_known_word"),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_complaint_registered_at", "complaint")
    op.create_index(
        "ix_complaint_registered_at", "complaint", ["registered_at", "category", "place_code", "department_code"]
    )
    # The index can be made anew from the complaints at any time, so this step may stand on the code of today.
    index_all(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_complaint_registered_at", "complaint")
    op.create_index("ix_complaint_registered_at", "complaint", ["registered_at"])
    op.drop_table("known_word")
    op.drop_table("complaint_word")
