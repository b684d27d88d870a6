"""Units in scopes, with their history; imports that can be undone; generations, projects, evaluations

Everything that is new has a default, so the code before it goes on working.
"""

import uuid

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _refuse_changes(table: str) -> None:
    """Rows of this table are written once: the database refuses to change or remove them."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )


def upgrade() -> None:
    _projects()
    _imports()
    _units()
    _rest()


def _projects() -> None:
    op.create_table(
        "project",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_project_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_project")),
        sa.UniqueConstraint("key", name=op.f("uq_project_key")),
    )
    op.create_table(
        "member",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_member_project")),
        sa.PrimaryKeyConstraint("project", "person_id", name=op.f("pk_member")),
    )
    op.create_index("ix_member_person_id", "member", ["person_id"])
    with op.batch_alter_table("release") as release:
        release.add_column(sa.Column("project", sa.Integer(), nullable=True))
        release.create_foreign_key(op.f("fk_release_project"), "project", ["project"], ["number"])
        release.create_index("ix_release_project", ["project"])


def _imports() -> None:
    with op.batch_alter_table("import") as table:
        table.add_column(sa.Column("document_key", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("scope", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="done"))
        table.add_column(sa.Column("undone_at", UtcTime(), nullable=True))
        table.add_column(sa.Column("undone_by", sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_import_state"), "state IN ('running', 'done', 'failed', 'undone')")
        table.create_check_constraint(
            op.f("ck_import_undone_has_a_time"), "(state = 'undone') = (undone_at IS NOT NULL)"
        )
        table.create_index("ix_import_at", ["at"])


def _units() -> None:
    with op.batch_alter_table("unit") as unit:
        unit.add_column(sa.Column("scope", sa.Integer(), nullable=False, server_default="0"))
        unit.add_column(sa.Column("source_language", sa.String(length=2), nullable=False, server_default="fr"))
        unit.add_column(sa.Column("target_language", sa.String(length=2), nullable=False, server_default="en"))
        unit.add_column(sa.Column("used", sa.Integer(), nullable=False, server_default="0"))
        unit.add_column(sa.Column("used_at", UtcTime(), nullable=True))
        unit.add_column(sa.Column("superseded_by", sa.Integer(), nullable=True))
        unit.add_column(sa.Column("import_id", sa.String(length=36), nullable=True))
        unit.create_foreign_key(op.f("fk_unit_superseded_by"), "unit", ["superseded_by"], ["id"])
        unit.create_foreign_key(op.f("fk_unit_import_id"), "import", ["import_id"], ["id"])
        unit.drop_constraint(op.f("uq_unit_source_key_target_key"), type_="unique")
        unit.create_unique_constraint(
            op.f("uq_unit_scope_source_key_target_key"), ["scope", "source_key", "target_key"]
        )
        unit.create_index("ix_unit_source_key", ["source_key"])
        unit.create_index("ix_unit_import_id", ["import_id"])
    with op.batch_alter_table("occurrence") as occurrence:
        occurrence.add_column(sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
        occurrence.drop_index("ix_occurrence_document_key")
        occurrence.create_index("ix_occurrence_place", ["document_key", "position"])
        occurrence.create_index("ix_occurrence_import_id", ["import_id"])
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "action IN ('approved', 'superseded', 'reactivated', 'edited', 'withdrawn', 'restored')",
            name=op.f("ck_unit_change_action"),
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_unit_change_import_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_change_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
    )
    op.create_index("ix_unit_change_unit_id", "unit_change", ["unit_id"])
    op.create_index("ix_unit_change_import_id", "unit_change", ["import_id"])
    _refuse_changes("unit_change")
    op.create_table(
        "generation",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("lexicon_pairs", sa.Integer(), nullable=False),
        sa.Column("lexicon_milliseconds", sa.Integer(), nullable=False),
        sa.Column("built_at", UtcTime(), nullable=False),
        sa.CheckConstraint("state IN ('ready', 'damaged', 'removed')", name=op.f("ck_generation_state")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_generation")),
    )


def _rest() -> None:
    with op.batch_alter_table("memory_clock") as clock:
        clock.add_column(
            sa.Column("memory_id", sa.String(length=36), nullable=False, server_default=str(uuid.uuid4()))
        )
    with op.batch_alter_table("proposal_set") as proposals:
        proposals.add_column(sa.Column("fragments", sa.JSON(), nullable=False, server_default="[]"))
        proposals.drop_column("concordance")
    with op.batch_alter_table("proposal") as proposal:
        proposal.add_column(sa.Column("hints", sa.JSON(), nullable=False, server_default="[]"))
        proposal.add_column(sa.Column("repair", sa.JSON(), nullable=True))
    op.create_table(
        "memory_evaluation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_memory_evaluation_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_evaluation")),
    )


def downgrade() -> None:
    op.drop_table("memory_evaluation")
    with op.batch_alter_table("proposal") as proposal:
        proposal.drop_column("repair")
        proposal.drop_column("hints")
    with op.batch_alter_table("proposal_set") as proposals:
        proposals.add_column(sa.Column("concordance", sa.JSON(), nullable=False, server_default="[]"))
        proposals.drop_column("fragments")
    with op.batch_alter_table("memory_clock") as clock:
        clock.drop_column("memory_id")
    op.drop_table("generation")
    op.drop_table("unit_change")
    with op.batch_alter_table("occurrence") as occurrence:
        occurrence.drop_index("ix_occurrence_import_id")
        occurrence.drop_index("ix_occurrence_place")
        occurrence.create_index("ix_occurrence_document_key", ["document_key"])
        occurrence.drop_column("withdrawn")
    with op.batch_alter_table("unit") as unit:
        unit.drop_index("ix_unit_import_id")
        unit.drop_index("ix_unit_source_key")
        unit.drop_constraint(op.f("uq_unit_scope_source_key_target_key"), type_="unique")
        unit.create_unique_constraint(op.f("uq_unit_source_key_target_key"), ["source_key", "target_key"])
        unit.drop_constraint(op.f("fk_unit_import_id"), type_="foreignkey")
        unit.drop_constraint(op.f("fk_unit_superseded_by"), type_="foreignkey")
        for name in ("import_id", "superseded_by", "used_at", "used", "target_language", "source_language", "scope"):
            unit.drop_column(name)
    with op.batch_alter_table("import") as table:
        table.drop_index("ix_import_at")
        table.drop_constraint(op.f("ck_import_undone_has_a_time"), type_="check")
        table.drop_constraint(op.f("ck_import_state"), type_="check")
        for name in ("undone_by", "undone_at", "state", "scope", "document_key"):
            table.drop_column(name)
    with op.batch_alter_table("release") as release:
        release.drop_index("ix_release_project")
        release.drop_constraint(op.f("fk_release_project"), type_="foreignkey")
        release.drop_column("project")
    op.drop_table("member")
    op.drop_table("project")
