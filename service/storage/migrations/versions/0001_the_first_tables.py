"""The first tables

A migration must leave the code before it working: expand first, contract in the next release.
"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("history", "audit", "publication", "publication_file")


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
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "memory_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_memory_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_clock")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("role IN ('translator', 'reviewer', 'editor', 'admin')", name=op.f("ck_person_role")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("source_key", sa.String(length=16), nullable=False),
        sa.Column("target_key", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name=op.f("ck_unit_origin")),
        sa.CheckConstraint("status IN ('active', 'pending', 'superseded')", name=op.f("ck_unit_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("source_key", "target_key", name=op.f("uq_unit_source_key_target_key")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_changed", ["changed"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_object", ["kind", "object_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("previous_key", sa.String(length=16), nullable=True),
        sa.Column("next_key", sa.String(length=16), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("dated", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("origin IN ('aligned', 'approved', 'imported')", name=op.f("ck_occurrence_origin")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_occurrence_import_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_occurrence_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "unit_id", "document_key", "position", name=op.f("uq_occurrence_unit_id_document_key_position")
        ),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_occurrence_document_key", ["document_key"], unique=False)

    op.create_table(
        "release",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("media", sa.String(length=16), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(length=32), nullable=False),
        sa.Column("bom", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("learned_at", UtcTime(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_release_failure")),
        sa.CheckConstraint(
            "state IN ('received', 'ingested', 'proposed', 'in_review', 'approved', 'published', 'withdrawn', 'failed')",
            name=op.f("ck_release_state"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_release_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index("ix_release_blob", ["blob"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("idle_attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=128), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("run_after", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (reason_code IS NOT NULL)", name=op.f("ck_run_failed_has_reason")),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_run_running_has_lease")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_run_state")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_run_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index("ix_run_state", ["state", "run_after"], unique=False)
        batch_op.create_index(
            "uq_run_live",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_person_id", ["person_id"], unique=False)

    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_block_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("release_id", "position", name=op.f("uq_block_release_id_position")),
    )
    op.create_table(
        "evaluation",
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_evaluation_release_id")),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_evaluation")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_fr", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_publication_published_by")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_publication_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("release_id", "number", name=op.f("uq_publication_release_id_number")),
    )
    op.create_table(
        "refresh",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("seen_again", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=False),
        sa.Column("rebuilt", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("releases", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_refresh_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh")),
    )
    op.create_table(
        "slot",
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("start", UtcTime(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_slot_run_id")),
        sa.PrimaryKeyConstraint("task", "start", name=op.f("pk_slot")),
    )
    op.create_table(
        "publication_file",
        sa.Column("publication_id", sa.String(length=36), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_file_publication_id")
        ),
        sa.PrimaryKeyConstraint("publication_id", "format", name=op.f("pk_publication_file")),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_key", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("match_rate", sa.Integer(), nullable=True),
        sa.Column("distance", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("translated_by", sa.String(length=36), nullable=True),
        sa.Column("translated_at", UtcTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=36), nullable=True),
        sa.Column("approved_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_by IS NOT NULL)", name=op.f("ck_segment_approved_has_approver")
        ),
        sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name=op.f("ck_segment_rejected_has_reason")),
        sa.CheckConstraint(
            "origin IS NULL OR origin IN ('tm', 'tm-localised', 'tm-repaired', 'human', 'propagated', 'imported', 'carried-over')",
            name=op.f("ck_segment_origin"),
        ),
        sa.CheckConstraint("state <> 'untranslated' OR target = ''", name=op.f("ck_segment_untranslated_is_empty")),
        sa.CheckConstraint(
            "state IN ('untranslated', 'pretranslated', 'draft', 'translated', 'rejected', 'approved')",
            name=op.f("ck_segment_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('translated', 'approved') OR target <> ''", name=op.f("ck_segment_done_has_target")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR translated_by IS NULL OR approved_by <> translated_by",
            name=op.f("ck_segment_two_people"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_segment_approved_by")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_segment_block_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_segment_release_id")),
        sa.ForeignKeyConstraint(["translated_by"], ["person.id"], name=op.f("fk_segment_translated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("release_id", "position", name=op.f("uq_segment_release_id_position")),
    )
    op.create_table(
        "draft",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_draft_segment_id")),
        sa.PrimaryKeyConstraint("person_id", "segment_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("operation", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_history_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_history_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("operation", name=op.f("uq_history_operation")),
        sa.UniqueConstraint("segment_id", "version", name=op.f("uq_history_segment_id_version")),
    )
    op.create_table(
        "proposal_set",
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("concordance", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_proposal_set_run_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_proposal_set_segment_id")),
        sa.PrimaryKeyConstraint("segment_id", name=op.f("pk_proposal_set")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("raw_target", sa.Text(), nullable=False),
        sa.Column("base_rate", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("penalties", sa.JSON(), nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        sa.Column("stale", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("alternatives", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["proposal_set.segment_id"], name=op.f("fk_proposal_segment_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("segment_id", "rank", name=op.f("uq_proposal_segment_id_rank")),
    )

    op.execute("INSERT INTO memory_clock (id, tick) VALUES (1, 0)")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("proposal_set")
    op.drop_table("history")
    op.drop_table("draft")
    op.drop_table("segment")
    op.drop_table("publication_file")
    op.drop_table("slot")
    op.drop_table("refresh")
    op.drop_table("publication")
    op.drop_table("evaluation")
    op.drop_table("block")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_person_id")

    op.drop_table("sign_in")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_live",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index("ix_run_state")

    op.drop_table("run")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_index("ix_release_blob")

    op.drop_table("release")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrence_document_key")

    op.drop_table("occurrence")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_object")

    op.drop_table("audit")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_changed")

    op.drop_table("unit")
    op.drop_table("person")
    op.drop_table("memory_clock")
    op.drop_table("import")
    op.drop_table("heartbeat")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION append_only()")
