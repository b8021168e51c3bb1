"""People of the demonstration, in development only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.password import hash_password
from models.deadline import INDIA
from models.office import Office
from models.posting import Posting
from models.staff import Staff
from models.store import Store

DEMO_PASSWORD = "helpline-demo"  # noqa: S105  it opens nothing but a developer's own machine


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to try the desk as."""

    login: str
    name: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    screen_language: str
    office: str = ""  # where they serve, by its code
    duty: str = "head"


DEMO_STAFF = (
    DemoPerson("asha", "Asha Mondal", ("representative",), ("bn", "en", "hi"), "en"),
    DemoPerson("bimal", "Bimal Roy", ("representative",), ("bn", "hi"), "bn"),
    DemoPerson("sumitra", "Sumitra Sen", ("supervisor", "admin"), ("bn", "en"), "en"),
    DemoPerson("mina", "Mina Das", ("translator",), ("bn", "hi"), "bn"),
    DemoPerson("gopal", "Gopal Ghosh", ("approver",), ("bn", "en"), "en"),
    DemoPerson("parul", "Parul Saha", ("clerk",), ("bn", "en"), "bn"),
    # Officers of Food and Supplies: of the field and of the district in Hooghly, of the whole department.
    DemoPerson("chitra", "Chitra Das", ("officer",), ("bn", "en"), "en", "food-field-hooghly"),
    DemoPerson("dipak", "Dipak Pal", ("officer",), ("bn", "hi"), "bn", "food-district-hooghly", "nodal"),
    DemoPerson("hiran", "Hiran Bose", ("officer",), ("bn", "en"), "en", "food-head"),
    DemoPerson("leela", "Leela Sarkar", ("officer",), ("bn", "en"), "en", "food-secretary"),
    DemoPerson("rafiq", "Rafiq Ali", ("officer",), ("bn", "hi"), "bn", "panchayat-field-hooghly"),
)


def ensure_demo_staff(store: Store, now: datetime) -> list[str]:
    """Add whoever is missing. Returns the logins; each opens with DEMO_PASSWORD."""

    def add(session: Session) -> None:
        known = set(session.scalars(select(Staff.login)))
        for person in DEMO_STAFF:
            if person.login not in known:
                row = _row(person, now)
                session.add(row)
                session.flush()
                _post(session, person, row.id, now)

    with store.session() as session:
        known = set(session.scalars(select(Staff.login)))
    if any(person.login not in known for person in DEMO_STAFF):
        store.transact(add)
    return [person.login for person in DEMO_STAFF]


def _post(session: Session, person: DemoPerson, staff_id: int, now: datetime) -> None:
    if person.office and session.get(Office, person.office) is not None:
        # They were there before the first complaint of the made-up week.
        since = (now - timedelta(days=60)).astimezone(INDIA).date()
        session.add(Posting(office_code=person.office, staff_id=staff_id, duty=person.duty, from_on=since))


def _row(person: DemoPerson, now: datetime) -> Staff:
    return Staff(
        login=person.login,
        name=person.name,
        password_hash=hash_password(DEMO_PASSWORD),
        roles=list(person.roles),
        languages=list(person.languages),
        queues=[],
        screen_language=person.screen_language,
        created_at=now,
    )
