"""Sources of pairs: what is watched, its pages, their hosts, and each visit"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("kind IN ('folder', 'feed', 'sitemap', 'list')", name=op.f("ck_source_kind")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_source_hours")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_source_created_by")),
        sa.ForeignKeyConstraint(["project"], ["project.number"], name=op.f("fk_source_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "source_page",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("last_modified", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("partner_id", sa.String(length=36), nullable=True),
        sa.Column("how", sa.String(length=16), nullable=True),
        sa.Column("paired_hash", sa.String(length=64), nullable=False),
        sa.Column("pair_code", sa.String(length=32), nullable=True),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('read', 'unreadable', 'refused', 'failed', 'vanished', 'absent')",
            name=op.f("ck_source_page_state"),
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["source_page.id"], name=op.f("fk_source_page_partner_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_page_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_page")),
        sa.UniqueConstraint("source_id", "url_key", name=op.f("uq_source_page_source_id_url_key")),
    )
    op.create_index("ix_source_page_partner_id", "source_page", ["partner_id"])
    op.create_table(
        "source_host",
        sa.Column("site", sa.String(length=300), nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("robots_state", sa.String(length=8), nullable=False),
        sa.Column("robots_until", UtcTime(), nullable=False),
        sa.Column("free_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_source_host")),
    )
    op.create_table(
        "source_visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_source_visit_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_visit_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_visit")),
    )
    op.create_index("ix_source_visit_source_id", "source_visit", ["source_id", "started_at"])


def downgrade() -> None:
    op.drop_index("ix_source_visit_source_id", "source_visit")
    op.drop_table("source_visit")
    op.drop_table("source_host")
    op.drop_index("ix_source_page_partner_id", "source_page")
    op.drop_table("source_page")
    op.drop_table("source")
