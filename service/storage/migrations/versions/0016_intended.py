"""Findings that are meant: remembered for a source and a code, with a reason"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intended",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_intended_withdrawn")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_intended_has_reason")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_intended_person_id")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_intended_project")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_intended_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intended")),
    )
    op.create_index("ix_intended_source_key", "intended", ["source_key", "project"])
    for name, columns, project in (
        ("uq_intended_shared", ["source_key", "code"], "project IS NULL"),
        ("uq_intended_of_project", ["project", "source_key", "code"], "project IS NOT NULL"),
    ):
        where = sa.text(f"{project} AND withdrawn_at IS NULL")
        op.create_index(name, "intended", columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("intended")
