"""What a publication records; withdrawals, public pages, corrections, the style of the house, analyses"""

import sqlalchemy as sa
from alembic import op

from tm.store.base import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
NEW = ("withdrawal", "analysis")


def _refuse_changes(table: str) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for act in ("UPDATE", "DELETE"):
        name = f"{table}_no_{act.lower()}"
        if postgresql:
            op.execute(f'CREATE TRIGGER {name} BEFORE {act} ON "{table}" FOR EACH ROW EXECUTE FUNCTION append_only()')
        else:
            op.execute(
                f'CREATE TRIGGER {name} BEFORE {act} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            )


def upgrade() -> None:
    # added one by one: remaking the table would lose the triggers that keep it as it is
    for column in (
        sa.Column("record", sa.Text(), nullable=False, server_default=""),
        sa.Column("record_hash", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("logo_blob", sa.String(length=64), nullable=True),
    ):
        op.add_column("publication", column)
    op.create_table(
        "withdrawal",
        sa.Column("publication_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_withdrawal_person_id")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_withdrawal_publication_id")),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "public_page",
        sa.Column("publication_id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("from_at", UtcTime(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_public_page_person_id")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_public_page_publication_id")),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_public_page")),
        sa.UniqueConstraint("slug", name=op.f("uq_public_page_slug")),
    )
    op.create_table(
        "house_style",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("logo_blob", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_house_style_one")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_house_style_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_style")),
    )
    op.create_table(
        "analysis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_analysis_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis")),
    )
    op.create_index("ix_analysis_release_id", "analysis", ["release_id"])
    op.add_column("release", sa.Column("corrects_id", sa.String(length=36), nullable=True))
    for name in ("earlier_source", "earlier_target"):
        op.add_column("segment", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("segment", sa.Column("carried_from", sa.String(length=36), nullable=True))
    for table in NEW:
        _refuse_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("segment") as segment:
        for column in ("carried_from", "earlier_target", "earlier_source"):
            segment.drop_column(column)
    with op.batch_alter_table("release") as release:
        release.drop_column("corrects_id")
    op.drop_table("analysis")
    op.drop_table("house_style")
    op.drop_table("public_page")
    op.drop_table("withdrawal")
    for column in ("logo_blob", "corrects_id", "record_hash", "record"):
        op.execute(f"ALTER TABLE publication DROP COLUMN {column}")
