"""Offices and who serves in them; whom a complaint accuses; the clock of a case, and what it has said."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_TABLES = ("sudden_holiday", "clock_notice", "explanation", "accusation", "posting")


def upgrade() -> None:
    _offices()
    with op.batch_alter_table("complaint") as table:
        table.add_column(sa.Column("office_code", sa.Text(), nullable=True))
        table.add_column(sa.Column("priority", sa.Text(), server_default="normal", nullable=False))
        table.add_column(sa.Column("hold_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("clock_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("pending", sa.Text(), nullable=True))
        table.create_foreign_key("fk_complaint_office_code", "office", ["office_code"], ["code"])
        table.create_check_constraint(op.f("ck_complaint_priority"), "priority IN ('urgent', 'normal')")
        table.create_check_constraint(op.f("ck_complaint_pending"), "pending IN ('transfer', 'rejection')")
    op.create_index("ix_complaint_office_code", "complaint", ["office_code", "state", "due_on"])
    op.create_index("ix_complaint_clock", "complaint", ["clock_on", "id"], **_where("clock_on IS NOT NULL"))
    op.create_index("ix_complaint_pending", "complaint", ["pending"], **_where("pending IS NOT NULL"))
    with op.batch_alter_table("level_stay") as table:
        table.add_column(sa.Column("office_code", sa.Text(), nullable=True))
        table.add_column(sa.Column("officer_id", _ID, nullable=True))
        table.create_foreign_key("fk_level_stay_office_code", "office", ["office_code"], ["code"])
        table.create_foreign_key("fk_level_stay_officer_id", "staff", ["officer_id"], ["id"])
    op.create_index("ix_level_stay_office", "level_stay", ["office_code", "complaint_id"])
    with op.batch_alter_table("routing_rule") as table:
        table.add_column(sa.Column("office_code", sa.Text(), nullable=True))
        table.create_foreign_key("fk_routing_rule_office_code", "office", ["office_code"], ["code"])
    _of_a_case()


def _offices() -> None:
    op.create_table(
        "office",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("place_code", sa.Text()),
        sa.Column("parent", sa.Text()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name="fk_office_department_code"),
        sa.ForeignKeyConstraint(["parent"], ["office.code"], name="fk_office_parent"),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name="fk_office_place_code"),
        sa.PrimaryKeyConstraint("code", name="pk_office"),
    )
    op.create_index("ix_office_parent", "office", ["parent"])
    op.create_index("ix_office_department", "office", ["department_code", "place_code", "level"])
    op.create_table(
        "posting",
        sa.Column("id", _ID, nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.CheckConstraint("duty IN ('head', 'nodal', 'assistant', 'member')", name=op.f("ck_posting_duty")),
        sa.ForeignKeyConstraint(["office_code"], ["office.code"], name="fk_posting_office_code"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_posting_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
    )
    op.create_index("ix_posting_office", "posting", ["office_code", "from_on"])
    op.create_index("ix_posting_staff_id", "posting", ["staff_id"])


def _of_a_case() -> None:
    op.create_table(
        "accusation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("office_code", sa.Text()),
        sa.Column("staff_id", _ID),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        *_refers("accusation", complaint_id="complaint.id", office_code="office.code", staff_id="staff.id"),
    )
    for column in ("complaint_id", "office_code", "staff_id"):
        op.create_index(f"ix_accusation_{column}", "accusation", [column])
    op.create_table(
        "explanation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("stay_id", _ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.Text()),
        sa.Column("officer_id", _ID),
        sa.Column("demanded_at", _TIME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("given_at", _TIME),
        sa.Column("given_by", sa.Text()),
        *_refers(
            "explanation",
            complaint_id="complaint.id",
            stay_id="level_stay.id",
            office_code="office.code",
            officer_id="staff.id",
        ),
        sa.UniqueConstraint("stay_id", name="uq_explanation_stay_id"),
    )
    op.create_index("ix_explanation_complaint_id", "explanation", ["complaint_id"])
    op.create_index("ix_explanation_open_officer", "explanation", ["officer_id"], **_where("given_at IS NULL"))
    op.create_index("ix_explanation_open_office", "explanation", ["office_code"], **_where("given_at IS NULL"))
    op.create_table(
        "clock_notice",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        sa.Column("stay_id", _ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office_code", sa.Text()),
        sa.Column("officer_id", _ID),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.CheckConstraint(
            "kind IN ('half', 'most', 'unopened', 'unassigned', 'breached', 'digest')",
            name=op.f("ck_clock_notice_kind"),
        ),
        *_refers(
            "clock_notice",
            complaint_id="complaint.id",
            stay_id="level_stay.id",
            office_code="office.code",
            officer_id="staff.id",
        ),
        sa.UniqueConstraint("stay_id", "kind", name="uq_clock_notice_stay_id_kind"),
    )
    op.create_index("ix_clock_notice_complaint_id", "clock_notice", ["complaint_id"])
    op.create_index("ix_clock_notice_officer", "clock_notice", ["officer_id", "day"])
    op.create_index("ix_clock_notice_office", "clock_notice", ["office_code", "day"])
    op.create_table(
        "sudden_holiday",
        sa.Column("id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("declared_at", _TIME, nullable=False),
        sa.Column("withdrawn_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_sudden_holiday"),
    )
    op.create_index("ix_sudden_holiday_day", "sudden_holiday", ["day"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
    with op.batch_alter_table("routing_rule") as table:
        table.drop_constraint("fk_routing_rule_office_code", type_="foreignkey")
        table.drop_column("office_code")
    op.drop_index("ix_level_stay_office", table_name="level_stay")
    with op.batch_alter_table("level_stay") as table:
        for column in ("office_code", "officer_id"):
            table.drop_constraint(f"fk_level_stay_{column}", type_="foreignkey")
            table.drop_column(column)
    for index in ("office_code", "clock", "pending"):
        op.drop_index(f"ix_complaint_{index}", table_name="complaint")
    with op.batch_alter_table("complaint") as table:
        table.drop_constraint("fk_complaint_office_code", type_="foreignkey")
        table.drop_constraint(op.f("ck_complaint_priority"), type_="check")
        table.drop_constraint(op.f("ck_complaint_pending"), type_="check")
        for column in ("office_code", "priority", "hold_on", "clock_on", "pending"):
            table.drop_column(column)
    op.drop_table("office")


def _refers(table: str, **columns: str) -> list[sa.Constraint]:
    keys: list[sa.Constraint] = [
        sa.ForeignKeyConstraint([column], [there], name=f"fk_{table}_{column}") for column, there in columns.items()
    ]
    return [*keys, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
