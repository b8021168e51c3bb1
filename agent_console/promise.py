"""By which calendar the promised date of a complaint is counted."""

from ivr.working_days import DEPARTMENTS, working_calendar

__all__ = ["DEPARTMENTS", "working_calendar"]
