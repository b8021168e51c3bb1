"""Where a complaint goes: the rule of its category for the nearest place."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.category import Category
from models.office import Office
from models.office_tree import office_for, places_around
from models.place import PlaceRow
from models.routing_rule import RoutingRule


@dataclass(frozen=True, slots=True)
class Route:
    """`by_rule` is False where nobody has said where this goes: the grievance cell decides then.

    `office` is a name; `seat` is its row in the register of offices, where it has one.
    """

    department_code: str
    office: str
    by_rule: bool
    seat: Office | None = None


def find_route(session: Session, category: Category, place_code: str | None) -> Route:
    """The rule for the place itself, else for the place around it, and so on, else for anywhere."""
    rules = {
        rule.place: rule for rule in session.scalars(select(RoutingRule).where(RoutingRule.category == category.code))
    }
    place = session.get(PlaceRow, place_code) if place_code else None
    if place is not None and not place.in_state:
        return Route(category.department_code, "", by_rule=False)
    for code in places_around(session, place_code):
        if code in rules:
            return _by(session, rules[code], place_code)
    return Route(category.department_code, "", by_rule=False)


def _by(session: Session, rule: RoutingRule, place_code: str | None) -> Route:
    """The office that the rule names, else the department's lowest for the place, else what is written in the rule."""
    if rule.office_code is not None:
        seat = session.get(Office, rule.office_code)
    else:
        seat = office_for(session, rule.department_code, place_code)
    return Route(rule.department_code, seat.names["en"] if seat else rule.office, by_rule=True, seat=seat)
