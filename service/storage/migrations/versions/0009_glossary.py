"""The glossary: entries with their terms, shared or of a project"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "glossary_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("french", sa.JSON(), nullable=False),
        sa.Column("english", sa.JSON(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.CheckConstraint("state IN ('approved', 'proposed', 'retired')", name=op.f("ck_glossary_entry_state")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_glossary_entry_project")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_glossary_entry_created_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_glossary_entry_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_entry")),
    )
    op.create_index("ix_glossary_entry_project", "glossary_entry", ["project", "state"])
    op.create_index("ix_glossary_entry_name", "glossary_entry", ["name", "id"])


def downgrade() -> None:
    op.drop_table("glossary_entry")
