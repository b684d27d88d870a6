"""What stood in a segment before the text of a repetition was put into it; segments by their source"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history", sa.Column("before", sa.JSON(), nullable=True))
    op.create_index("ix_segment_source_key", "segment", ["release_id", "source_key"])


def downgrade() -> None:
    op.drop_index("ix_segment_source_key", "segment")
    with op.batch_alter_table("history") as history:
        history.drop_column("before")
