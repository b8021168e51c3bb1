"""Everything that must stand before the line takes a call, each step safe to repeat."""

import random
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import exists, func, select

from agent_console.demo_staff import DEMO_PASSWORD, DEMO_STAFF, DemoPerson, ensure_demo_staff
from audio.shelf import ShelfAway
from audio.synthesizer import CannotRender
from config import Config
from ivr.calendars import set_calendars
from ivr.case_clocks import settle
from ivr.line import open_telephone
from ivr.pinned import FLOWS
from ivr.publishing import seed_all as seed_menus
from ivr.rendering import try_to_render
from ivr.telephone import Telephone
from models.complaint import Complaint
from models.presence import Presence
from models.seed import seed as seed_register
from operations.approved_texts import write_approved_texts

# Whoever tries the line at night shall reach the desk too.
DEMO_CALENDAR = Path(__file__).parent / "demo_calendar.yaml"
_WITH_A_CALLER = ("offered", "talk", "wrap_up")


def prepare_line(config: Config) -> None:
    """Newest tables, departments and places, a first menu, and the sound of every prompt."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    telephone = open_telephone(config)
    try:
        _prepare(telephone)
    finally:
        telephone.store.close()


def _prepare(telephone: Telephone) -> None:
    store, now = telephone.store, telephone.clock.now()
    store.migrate()
    store.transact(lambda session: seed_register(session, now))
    is_new = seed_menus(store, now)
    settle(telephone)
    if telephone.config.environment == "development":
        ensure_demo_staff(store, now)
        if is_new:
            set_calendars(store, DEMO_CALENDAR.read_text(encoding="utf-8"), by="the demonstration", now=now)
        write_approved_texts(telephone)
    render_prompts(telephone)


def render_prompts(telephone: Telephone) -> None:
    """Render what the live menus may say and the store of sounds lacks, with a progress bar."""
    for name in FLOWS:
        with telephone.store.read() as connection:
            flow = telephone.flows.live(connection, name).flow
        try_to_render(telephone, flow, online=False)  # a line that is to start waits for no provider


def tell_addresses(config: Config) -> str:
    """Where everything is, as a person wants to read it first."""
    lines = ["", "  Helpline is starting.", ""]
    if config.emulator_url:
        lines.append(f"  The phone   {config.emulator_url}/      a citizen's telephone: dial {_spoken(config)}")
    lines.append(f"  The desk    {config.public_url}/desk   where representatives answer")
    if config.local_voice_url:
        lines.append(f"  Its sound   {config.local_voice_url}/page/allowed.html   accept the certificate once")
    if config.environment == "development":
        logins = ", ".join(f"{person.login} ({_roles(person)})" for person in DEMO_STAFF)
        lines.append(f"  Logins      {logins}; password {DEMO_PASSWORD}")
        lines.append("  Open        round the clock, for trying (README tells how to put the real hours in force)")
    lines += ["", "  Stop with Ctrl-C. What was recorded stays in the data folder.", ""]
    return "\n".join(lines)


def _roles(person: DemoPerson) -> str:
    return " and ".join(person.roles) + (f" at {person.office}" if person.office else "")


def _spoken(config: Config) -> str:
    local = config.helpline_number.removeprefix("+91")
    return f"{local[:5]} {local[5:]}"


def fill_with_demo_week(config: Config, *, yes: bool) -> None:
    """Write a believable week into the store; asks first where there are complaints already."""
    from models.demo import make_demo_week

    if config.environment == "production":
        raise click.ClickException(
            f"Demo data does not belong into the live register at {urlsplit(config.public_url).netloc}."
        )
    telephone = open_telephone(config)
    try:
        telephone.store.migrate()
        now = telephone.clock.now()
        telephone.store.transact(lambda session: seed_register(session, now))
        ensure_demo_staff(telephone.store, now)
        with telephone.store.session() as session:
            known = session.scalar(select(func.count()).select_from(Complaint)) or 0
            busy = session.scalar(select(exists().where(Presence.state.in_(_WITH_A_CALLER))))
        if busy:  # the made-up talks are newer ones of the same people, and a desk shows the newest
            raise click.ClickException("Somebody is with a caller. Add the week when they have ended their wrap-up.")
        if known and not yes:
            click.confirm(f"There are {known} complaints already. Add a week of made-up ones?", abort=True)
        telephone.store.transact(lambda session: make_demo_week(session, now, random.Random(7)))  # noqa: S311  (nothing secret: made-up people)
        with telephone.store.session() as session:
            total = session.scalar(select(func.count()).select_from(Complaint)) or 0
        click.echo(f"{total - known} complaints of a made-up week are in the register.")
        _record_some(telephone)
    finally:
        telephone.store.close()


def _record_some(telephone: Telephone) -> None:
    from operations.demo_recordings import record_demo_talks

    try:
        made = record_demo_talks(telephone)
    except (CannotRender, ShelfAway) as error:
        click.echo(f"None of its talks can be heard: {error}")
        return
    if made:
        click.echo(f"{made} of its talks can be heard under Recordings.")
