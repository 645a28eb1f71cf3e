"""Heartbeats remember when nobody worked last: what had fallen due by then may have been sent in another life."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; of the time before nothing is known."""
    op.add_column("heartbeat", sa.Column("silent_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("heartbeat", "silent_until")
