"""An index of the complaints that are under way."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("state IN ('registered', 'forwarded', 'in_progress', 'needs_info', 'action_reported', 'appealed')")


def upgrade() -> None:
    op.create_index(
        "ix_complaint_under_way",
        "complaint",
        ["due_on", "id", "department_code", "office_code"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_index("ix_complaint_under_way", "complaint")
