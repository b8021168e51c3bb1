"""A text that is sent is looked at again, too: the index holds whatever waits for its time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('queued', 'sending')")
DUE = sa.text("next_try_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_message_open", "message")
    op.create_index("ix_message_due", "message", ["next_try_at"], sqlite_where=DUE, postgresql_where=DUE)


def downgrade() -> None:
    op.drop_index("ix_message_due", "message")
    op.create_index("ix_message_open", "message", ["next_try_at"], sqlite_where=OPEN, postgresql_where=OPEN)
