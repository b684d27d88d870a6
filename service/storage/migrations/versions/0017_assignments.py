"""Who works on a release and until when; of what kind a mistake is that is sent back; notices about releases"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = "'mentioned', 'answered', 'settled', 'sent-back'"


def upgrade() -> None:
    op.add_column("segment", sa.Column("category", sa.String(length=16), nullable=True))
    op.add_column("history", sa.Column("category", sa.String(length=16), nullable=True))
    with op.batch_alter_table("release") as release:
        release.add_column(sa.Column("translator_id", sa.String(length=36), nullable=True))
        release.add_column(sa.Column("reviewer_id", sa.String(length=36), nullable=True))
        release.add_column(sa.Column("due", sa.Date(), nullable=True))
        release.create_foreign_key(op.f("fk_release_translator_id"), "person", ["translator_id"], ["id"])
        release.create_foreign_key(op.f("fk_release_reviewer_id"), "person", ["reviewer_id"], ["id"])
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("release_id", sa.String(length=36), nullable=True))
        notice.alter_column("segment_id", existing_type=sa.String(length=36), nullable=True)
        notice.create_foreign_key(op.f("fk_notice_release_id"), "release", ["release_id"], ["id"])
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), f"kind IN ({KINDS}, 'assigned')")
        notice.create_check_constraint(
            op.f("ck_notice_about_one"), "(segment_id IS NULL) <> (release_id IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE segment_id IS NULL")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_about_one"), type_="check")
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), f"kind IN ({KINDS})")
        notice.alter_column("segment_id", existing_type=sa.String(length=36), nullable=False)
        notice.drop_constraint(op.f("fk_notice_release_id"), type_="foreignkey")
        notice.drop_column("release_id")
    with op.batch_alter_table("release") as release:
        release.drop_constraint(op.f("fk_release_translator_id"), type_="foreignkey")
        release.drop_constraint(op.f("fk_release_reviewer_id"), type_="foreignkey")
        for column in ("due", "reviewer_id", "translator_id"):
            release.drop_column(column)
    for table in ("history", "segment"):
        with op.batch_alter_table(table) as changed:
            changed.drop_column("category")
