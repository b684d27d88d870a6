"""Pairs that are aligned: their segments, their beads, and the acts on them"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pair",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("document_key", sa.String(length=64), nullable=False),
        sa.Column("french_name", sa.Text(), nullable=False),
        sa.Column("french_blob", sa.String(length=64), nullable=False),
        sa.Column("english_name", sa.Text(), nullable=False),
        sa.Column("english_blob", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'aligned', 'done', 'quarantined', 'failed')", name=op.f("ck_pair_state")
        ),
        sa.CheckConstraint("source IN ('upload', 'cli', 'folder', 'source')", name=op.f("ck_pair_source")),
        sa.CheckConstraint(
            "(state IN ('quarantined', 'failed')) = (code IS NOT NULL)", name=op.f("ck_pair_refused_has_reason")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_pair_created_by")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_pair_import_id")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_pair_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        sa.UniqueConstraint("document_key", "scope", name=op.f("uq_pair_document_key_scope")),
    )
    op.create_index("ix_pair_state", "pair", ["state"])
    op.create_table(
        "pair_segment",
        sa.Column("pair_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("joint", sa.Text(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.CheckConstraint("side IN ('fr', 'en')", name=op.f("ck_pair_segment_side")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_segment_pair_id")),
        sa.PrimaryKeyConstraint("pair_id", "side", "position", name=op.f("pk_pair_segment")),
    )
    op.create_table(
        "bead",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pair_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("target", sa.JSON(), nullable=False),
        sa.Column("source_key", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("edited_source", sa.Text(), nullable=True),
        sa.Column("edited_target", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'waiting', 'held', 'rejected')", name=op.f("ck_bead_state")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_bead_pair_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_bead_settled_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bead_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bead")),
    )
    op.create_index("ix_bead_pair_id", "bead", ["pair_id", "number"])
    op.create_index("ix_bead_source_key", "bead", ["source_key", "state"])
    op.create_table(
        "bead_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pair_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.String(length=36), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_bead_act_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bead_act_person_id")),
        sa.ForeignKeyConstraint(["undoes"], ["bead_act.id"], name=op.f("fk_bead_act_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bead_act")),
        sa.UniqueConstraint("pair_id", "number", name=op.f("uq_bead_act_pair_id_number")),
    )


def downgrade() -> None:
    op.drop_table("bead_act")
    op.drop_index("ix_bead_source_key", "bead")
    op.drop_index("ix_bead_pair_id", "bead")
    op.drop_table("bead")
    op.drop_table("pair_segment")
    op.drop_index("ix_pair_state", "pair")
    op.drop_table("pair")
