"""The same problem nearby: complaints of one kind in one place within thirty days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.complaint_rows import ComplaintRow, complaint_rows
from agent_console.form_choices import OUTSIDE
from models.complaint import Complaint

WITHIN = timedelta(days=30)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Nearby:
    """How many there are, and the newest of them."""

    count: int
    rows: list[ComplaintRow]


def read_nearby(session: Session, data: Mapping[str, str], now: datetime) -> Nearby | None:
    """None until kind and place are chosen; outside of the state nothing is near."""
    category, place = data.get("category"), data.get("place")
    if not category or not place or place == OUTSIDE:
        return None
    same = (
        (Complaint.category == category)
        & (Complaint.place_code == place)
        & (Complaint.registered_at >= now - WITHIN)
        & (Complaint.state != "merged")
    )
    count = session.scalar(select(func.count()).select_from(Complaint).where(same)) or 0
    return Nearby(count, complaint_rows(session, same, SHOWN) if count else [])
