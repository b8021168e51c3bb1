"""Complaints as rows of a screen, with their names in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_console.words import name_in
from models.category import Category
from models.complaint import Complaint
from models.department import Department

_STORY = 160  # letters


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """What a list shows of a complaint."""

    id: int
    reference: str
    state: str
    category_name: str
    department_name: str
    registered_at: datetime
    due_on: date
    language: str
    complainant_name: str | None
    name_hidden: bool
    story: str  # how it begins


def complaint_row(complaint: Complaint, category: Category, department: Department) -> ComplaintRow:
    return ComplaintRow(
        id=complaint.id,
        reference=complaint.reference,
        state=complaint.state,
        category_name=name_in(category.names),
        department_name=name_in(department.names),
        registered_at=complaint.registered_at,
        due_on=complaint.due_on,
        language=complaint.language,
        complainant_name=complaint.complainant_name,
        name_hidden=complaint.name_hidden,
        story=shorten(complaint.text, _STORY, placeholder=" …"),
    )


def complaint_rows(session: Session, wanted: ColumnElement[bool], limit: int) -> list[ComplaintRow]:
    """The newest complaints of `wanted`."""
    rows = session.execute(
        select(Complaint, Category, Department)
        .join(Category, Category.code == Complaint.category)
        .join(Department, Department.code == Complaint.department_code)
        .where(wanted)
        .order_by(Complaint.registered_at.desc(), Complaint.id.desc())
        .limit(limit)
    ).all()
    return [complaint_row(*row) for row in rows]
