"""The language in which a person has the screens"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(2), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_column("language")
