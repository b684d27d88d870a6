"""What a run changed, by name and number; slots of the schedule that name the source they are about

Everything that is new has a default, so the code before it goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("outcome", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_run_kind", "run", ["kind", "created_at"])
    op.create_index("ix_proposal_set_run_id", "proposal_set", ["run_id"])
    _widen(64)


def downgrade() -> None:
    op.execute("DELETE FROM slot WHERE length(task) > 32")
    _widen(32)
    op.drop_index("ix_proposal_set_run_id", "proposal_set")
    op.drop_index("ix_run_kind", "run")
    with op.batch_alter_table("run") as run:
        run.drop_column("outcome")


def _widen(length: int) -> None:
    with op.batch_alter_table("slot") as slot:
        slot.alter_column("task", type_=sa.String(length=length), existing_nullable=False)
