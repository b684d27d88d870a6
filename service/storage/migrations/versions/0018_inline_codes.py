"""What the inline codes of a block stand for, and where a release came from"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("block", sa.Column("codes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("release", sa.Column("provenance", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("release") as release:
        release.drop_column("provenance")
    with op.batch_alter_table("block") as block:
        block.drop_column("codes")
