"""Segments that were merged into others: they keep their history and have no place in the release"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE segment ADD COLUMN merged_into VARCHAR(36)"
        " CONSTRAINT fk_segment_merged_into REFERENCES segment (id)"
        " CONSTRAINT ck_segment_merged_has_no_place CHECK ((position > 0) = (merged_into IS NULL))"
    )
    op.create_index("ix_segment_merged_into", "segment", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_segment_merged_into", "segment")
    op.execute("DELETE FROM history WHERE segment_id IN (SELECT id FROM segment WHERE merged_into IS NOT NULL)")
    op.execute("DELETE FROM segment WHERE merged_into IS NOT NULL")
    with op.batch_alter_table("segment") as segment:
        segment.drop_constraint(op.f("ck_segment_merged_has_no_place"), type_="check")
        segment.drop_column("merged_into")
