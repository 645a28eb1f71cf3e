"""How far Twilio's list of texts to us has been read, so that no outage is too long to be caught up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table, empty: the first look at the list fills it."""
    op.create_table(
        "list_read",
        sa.Column("name", sa.String(), primary_key=True, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Forget how far it was read."""
    op.drop_table("list_read")
