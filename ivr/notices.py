"""What a supervisor has done to somebody's work, for that person to read."""

from datetime import datetime

from sqlalchemy import Connection, insert

from ivr.desk_events import NOTICE, for_staff, tell_desk
from models.staff_notice import StaffNotice

STATE_FORCED = "state_forced"
TALK_ENDED = "talk_ended"
WORK_GIVEN = "work_given"
WORK_TAKEN = "work_taken"


def give_notice(
    connection: Connection, staff_id: int, kind: str, *, by: int, now: datetime, about: str = "", reason: str = ""
) -> None:
    """Tell this person in the transaction of the act. It stays on their screen until they have read it."""
    values = {"staff_id": staff_id, "kind": kind, "about": about, "reason": reason, "by_staff": by, "at": now}
    connection.execute(insert(StaffNotice).values(**values))
    tell_desk(connection, NOTICE, staff_id, for_staff(staff_id), now)
