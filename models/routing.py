"""Where a complaint goes: the rule of its category for the nearest place."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.category import Category
from models.place import PlaceRow
from models.routing_rule import RoutingRule


@dataclass(frozen=True, slots=True)
class Route:
    """`by_rule` is False where nobody has said where this goes: the grievance cell decides then."""

    department_code: str
    office: str
    by_rule: bool


def find_route(session: Session, category: Category, place_code: str | None) -> Route:
    """The rule for the place itself, else for the place around it, and so on, else for anywhere."""
    rules = {
        rule.place: rule for rule in session.scalars(select(RoutingRule).where(RoutingRule.category == category.code))
    }
    place = session.get(PlaceRow, place_code) if place_code else None
    if place is not None and not place.in_state:
        return Route(category.department_code, "", by_rule=False)
    while place is not None:
        if place.code in rules:
            return _by(rules[place.code])
        place = session.get(PlaceRow, place.parent) if place.parent else None
    return _by(rules[None]) if None in rules else Route(category.department_code, "", by_rule=False)


def _by(rule: RoutingRule) -> Route:
    return Route(rule.department_code, rule.office, by_rule=True)
