"""Segmentation rules: how a project cuts its texts"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segmentation_rules",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("never", sa.JSON(), nullable=False),
        sa.Column("always", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("cascade", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_segmentation_rules_language")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_segmentation_rules_changed_by")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_segmentation_rules_project")),
        sa.PrimaryKeyConstraint("project", "language", name=op.f("pk_segmentation_rules")),
    )


def downgrade() -> None:
    op.drop_table("segmentation_rules")
