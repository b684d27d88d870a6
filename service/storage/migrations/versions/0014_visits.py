"""When somebody was last in a release before this visit"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("presence", sa.Column("since", UtcTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("presence") as presence:
        presence.drop_column("since")
