"""What the form offers to choose from, in the reader's language and order."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.words import LANGUAGES, name_in, say
from models.category import Category
from models.place import PlaceRow
from models.place_search import find_places

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FormChoices:
    """The lists of the form."""

    categories: list[Choice]
    places: list[Choice]


def read_kinds(session: Session) -> list[Choice]:
    """Kinds of complaint in the menu's order."""
    categories = session.scalars(select(Category).order_by(Category.position, Category.code))
    return [Choice(category.code, name_in(category.names)) for category in categories]


def read_choices(session: Session) -> FormChoices:
    """Kinds of complaint in the menu's order, districts by name."""
    districts = session.scalars(select(PlaceRow).where(PlaceRow.level == "district", PlaceRow.in_state))
    places = [Choice(place.code, name_in(place.names)) for place in districts]
    return FormChoices(
        categories=read_kinds(session),
        places=sorted(places, key=lambda place: place.name),
    )


def places_like(session: Session, typed: str) -> list[str]:
    """Codes of the form's list that may be meant, however they are spelled; the likeliest first."""
    districts = session.execute(
        select(PlaceRow.code, PlaceRow.names).where(PlaceRow.level == "district", PlaceRow.in_state)
    ).all()
    known = [(row.code, row.names) for row in districts]
    outside = {language: say("form.outside", language) for language in LANGUAGES}
    return [found.code for found in find_places([*known, (OUTSIDE, outside)], typed)]


def outside_place(session: Session) -> str | None:
    """Code of the place that stands for everything outside the state."""
    return session.scalar(select(PlaceRow.code).where(PlaceRow.in_state.is_(False)).order_by(PlaceRow.code).limit(1))
