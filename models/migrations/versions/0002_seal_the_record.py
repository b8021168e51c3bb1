"""Events of a complaint are only ever added; and room for calls to be updated in place."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "the record of a complaint is only added to, never changed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER complaint_event_{act.lower()} BEFORE {act} ON complaint_event "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_complaint_event() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER complaint_event_{act.lower()} BEFORE {act} ON complaint_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_complaint_event()"
        )
    # A call is updated at each turn: with room on its page that touches no index.
    op.execute("ALTER TABLE call SET (fillfactor = 70)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER complaint_event_{act}")
        return
    for act in ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER complaint_event_{act} ON complaint_event")
    op.execute("DROP FUNCTION refuse_complaint_event()")
    op.execute("ALTER TABLE call RESET (fillfactor)")
