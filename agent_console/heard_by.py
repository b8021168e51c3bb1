"""Which news are for whom."""

from collections.abc import Iterable

from ivr.desk_events import EVERYBODY, for_staff


def audiences_of(staff_id: int, roles: Iterable[str]) -> frozenset[str]:
    """Every audience that this person belongs to."""
    return frozenset({EVERYBODY, for_staff(staff_id), *(f"role:{role}" for role in roles)})
