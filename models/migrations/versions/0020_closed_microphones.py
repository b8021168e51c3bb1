"""Representatives who have muted themselves, for as long as their browser says so."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_MUTED = sa.text("muted_since IS NOT NULL")


def upgrade() -> None:
    op.add_column("leg", sa.Column("muted_since", _TIME))
    op.add_column("leg", sa.Column("muted_until", _TIME))
    op.create_index("ix_leg_muted", "leg", ["muted_until"], sqlite_where=_MUTED, postgresql_where=_MUTED)


def downgrade() -> None:
    op.drop_index("ix_leg_muted", table_name="leg")
    op.drop_column("leg", "muted_until")
    op.drop_column("leg", "muted_since")
