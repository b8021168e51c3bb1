"""What whole calls need: the line's store, new citizens, new representatives, the office closed for a while."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy.orm import Session

from agent_console.demo_staff import DEMO_PASSWORD
from agent_console.password import hash_password
from clock import SystemClock
from config import Config
from ivr.calendars import set_calendars
from ivr.emulator.phone import Phone
from models.staff import Staff
from models.store import Store
from operations.preparing import DEMO_CALENDAR
from tests.line import RunningLine
from tests.representative import Representative

NewCitizen = Callable[[], Phone]
NewRepresentative = Callable[..., Representative]

CLOSED = "office:\n  timezone: Asia/Kolkata\n  open:\n    sun: 03:00-03:01\n  holidays: {}\n"

_numbers = itertools.count(9830000001)
_logins = (f"person-{n}" for n in itertools.count(1))


def new_number() -> str:
    """A mobile that nobody in this run has called from yet: a known caller is greeted otherwise."""
    return f"+91{next(_numbers)}"


def hire(store: Store, *languages: str, screen: str = "en") -> str:
    """A representative of these languages (all without any). Returns the login; DEMO_PASSWORD opens the desk."""
    login, now = next(_logins), SystemClock().now()

    def add(session: Session) -> None:
        spoken = list(languages or ("bn", "en", "hi"))
        person = Staff(login=login, name=login.title(), password_hash=hash_password(DEMO_PASSWORD), created_at=now)
        person.roles, person.languages, person.screen_language = ["representative"], spoken, screen
        session.add(person)

    store.transact(add)
    return login


def open_store(line: RunningLine) -> Store:
    """The store of a line, beside its own processes."""
    return Store(Config.from_env(line.environment).database_url)


@contextmanager
def office_closed(store: Store) -> Iterator[None]:
    """The office is closed meanwhile."""
    set_calendars(store, CLOSED, by="the test", now=SystemClock().now())
    try:
        yield
    finally:
        set_calendars(store, DEMO_CALENDAR.read_text(encoding="utf-8"), by="the test", now=SystemClock().now())


@pytest.fixture(scope="session")
def line_store(line: RunningLine) -> Iterator[Store]:
    """The store of the line."""
    store = open_store(line)
    yield store
    store.close()


@pytest.fixture
def new_citizen(line: RunningLine) -> Iterator[NewCitizen]:
    """Phones of citizens who never called. They hang up at the end; a text nobody waited for fails the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Phone(line.emulator_url, new_number()))


@pytest.fixture
def new_representative(line: RunningLine, line_store: Store) -> Iterator[NewRepresentative]:
    """Representatives of their own test, signed in: `new_representative("bn")`. They sign out at the end."""
    with ExitStack() as stack:
        yield lambda *languages: stack.enter_context(Representative(line, line_store, hire(line_store, *languages)))
