"""Comments on segments, and what people are told inside the product"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_comment_settled")),
        sa.CheckConstraint("withdrawn_at IS NULL OR text = ''", name=op.f("ck_comment_withdrawn_is_empty")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_comment_segment_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_comment_settled_by")),
        sa.ForeignKeyConstraint(["thread_id"], ["comment.id"], name=op.f("fk_comment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_segment_id", "comment", ["segment_id"])
    op.create_index("ix_comment_thread_id", "comment", ["thread_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.CheckConstraint("kind IN ('mentioned', 'answered', 'settled', 'sent-back')", name=op.f("ck_notice_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_notice_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_notice_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id", "read_at"])


def downgrade() -> None:
    op.drop_table("notice")
    op.drop_table("comment")
