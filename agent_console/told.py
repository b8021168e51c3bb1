"""What the caller has told the menus, in the words of the screen."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from agent_console.words import catalogue, name_in, say, screen_language
from models.category import Category
from models.place import PlaceRow
from models.reference import formatted

# Shown elsewhere on the card, or nothing a representative acts upon.
_ELSEWHERE = {"contact_number"}


def told_lines(session: Session, tell: Mapping[str, str]) -> list[tuple[str, str]]:
    """Heading and words for each note of the menus, in their order."""
    known = catalogue(screen_language())
    lines = []
    for name, value in tell.items():
        heading = known.get(f"told.{name}")
        if heading is None or not value or name in _ELSEWHERE:
            continue
        lines.append((heading, _words(session, name, value, known)))
    return lines


def category_name(session: Session, code: str | None) -> str:
    """The name of a kind of complaint on this screen; its code where nobody has named it."""
    if not code:
        return ""
    category = session.get(Category, code)
    return name_in(category.names) if category else code


def place_name(session: Session, code: str | None) -> str:
    """The name of a place on this screen; its code where nobody has named it."""
    place = session.get(PlaceRow, code) if code else None
    return name_in(place.names) if place else code or ""


def _words(session: Session, name: str, value: str, known: Mapping[str, str]) -> str:
    if name == "category":
        return category_name(session, value)
    if name == "reference":
        return formatted(value)
    key = f"told.{name}.{value}"
    return say(key) if key in known else value
