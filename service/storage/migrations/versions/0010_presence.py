"""Who is at work on which segment just now"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_presence_release_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_presence_segment_id")),
        sa.PrimaryKeyConstraint("person_id", "release_id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_release_id", "presence", ["release_id", "at"])


def downgrade() -> None:
    op.drop_table("presence")
