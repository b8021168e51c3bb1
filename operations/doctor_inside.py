"""The doctor's look at our own side: the store, the menu and its texts, calendars, sounds, Redis. Changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, make_url, select

from audio.names import Source, source_of
from audio.shelf import ShelfAway
from clock import SystemClock
from config import BadSetting, Config
from flows.flow import Flow, Hours
from flows.loader import BrokenFlow
from flows.texts import is_approved, texts_of
from ivr.calendars import live_calendars
from ivr.line import open_telephone
from ivr.pinned import FLOW, NoFlow
from ivr.publishing import wanted_sounds
from ivr.recorded.shelf import recordings_of
from ivr.telephone import Telephone
from models.errors import StoreUnavailable
from models.migrations.shape import Shape, shape_of
from models.talk_recording import TalkRecording
from operations.doctor import Finding
from operations.doctor_machine import look_at_clock, look_at_machine
from operations.doctor_redis import look_at_redis
from operations.running import router_on_duty
from operations.store_fault import MENDS

ZONE = ZoneInfo("Asia/Kolkata")


def look_inside(config: Config, now: datetime | None = None) -> Iterator[Finding]:
    """Everything of our own that a call needs. `now` is for tests."""
    telephone = open_telephone(config)
    at = now or SystemClock().now()
    try:
        yield from look_at_machine(telephone, SystemClock().now())
        well = True
        for finding in _look_at_store(telephone, at):
            well = well and (finding.well or finding.what != "store")
            yield finding
        routed = well and _is_routed(telephone)
    finally:
        telephone.store.close()
    yield from look_at_redis(config, routed=routed)


def _is_routed(telephone: Telephone) -> bool:
    with telephone.store.read() as connection:
        return router_on_duty(connection, telephone.clock.now())


def _look_at_store(telephone: Telephone, now: datetime) -> Iterator[Finding]:
    if _is_missing(telephone.config):
        yield Finding("store", False, "There is no database yet. Run: helpline prepare")
        return
    try:
        with telephone.store.read() as connection:
            shape: Shape = shape_of(connection)
        if shape != "newest":
            yield Finding("store", False, MENDS[shape])
            return
        yield Finding("store", True, "The database answers, and its tables have the newest shape.")
        yield from look_at_clock(telephone)
        yield from _look_at_menu(telephone, now.astimezone(ZONE).date())
        yield look_at_recordings(telephone)
    except StoreUnavailable:
        says = "The database does not answer. See that its server runs, and that DATABASE_URL is right."
        yield Finding("store", False, says)


def _is_missing(config: Config) -> bool:
    """Whether the file of an SQLite database is not there: opening it would make one."""
    url = make_url(config.database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _look_at_menu(telephone: Telephone, today: date) -> Iterator[Finding]:
    try:
        with telephone.store.read() as connection:
            flow = telephone.flows.live(connection, FLOW).flow
    except NoFlow:
        yield Finding("menu", False, "None is published, so callers hear an apology. Run: helpline prepare")
        return
    except BrokenFlow:
        says = f"This version of the program cannot read the published one. Run: helpline flows publish {FLOW}"
        yield Finding("menu", False, says)
        return
    yield Finding("menu", True, f"One is published, in {', '.join(flow.languages)}.")
    yield from look_at_texts(flow)
    yield from _look_at_calendars(telephone, flow, today)
    yield _look_at_sounds(telephone, flow)


def look_at_texts(flow: Flow) -> Iterator[Finding]:
    """Texts without words or without an approved template, by language."""
    faults = False
    for prompt in texts_of(flow):
        wordless = [language for language in flow.languages if prompt not in flow.catalogues[language].prompts]
        if wordless:
            says = f"The published menu has no words for it in {', '.join(wordless)}. Write them, and publish."
        elif dropped := [language for language in flow.languages if not is_approved(flow, prompt, language)]:
            says = f"It has no approved template in {', '.join(dropped)}, so networks in India drop it. "
            says += "Have it approved, write that into templates.yaml, and publish (docs/twilio.md, step 6)."
        else:
            continue
        faults = True
        yield Finding(f"text {prompt}", False, says)
    if not faults:
        yield Finding("texts", True, "Each has an approved template in each language of the menu.")


def _look_at_calendars(telephone: Telephone, flow: Flow, today: date) -> Iterator[Finding]:
    with telephone.store.read() as connection:
        calendars = live_calendars(connection)
    asked = {step.calendar for step in flow.steps.values() if isinstance(step, Hours)}
    for name in sorted(asked - set(calendars)):
        says = "The menu asks it for the hours, but it is not there. Run: helpline calendar set flows/calendars.yaml"
        yield Finding(f"calendar {name}", False, says)
    for name, calendar in sorted(calendars.items()):
        last = calendar.last_holiday()
        mend = "Enter the next year's and run: helpline calendar set FILE"
        if last is None and telephone.config.environment == "development":
            yield Finding(f"calendar {name}", True, "It has no holidays, which is fine for trying.")
        elif last is None:
            yield Finding(f"calendar {name}", False, f"Its list of holidays is empty. {mend}")
        elif (last - today).days <= calendar.warn_before_days:
            ended = "ended" if last < today else "ends"
            yield Finding(f"calendar {name}", False, f"Its list of holidays {ended} on {last.isoformat()}. {mend}")
        else:
            yield Finding(f"calendar {name}", True, f"Its list of holidays lasts until {last.isoformat()}.")


def _look_at_sounds(telephone: Telephone, flow: Flow) -> Finding:
    sounds = telephone.sounds
    wanted = set(wanted_sounds(flow))
    try:
        sounds.refresh()
    except ShelfAway as error:
        return Finding("sounds", False, f"{error} See that it runs, and that SOUND_STORE_URL and its keys are right.")
    spoken = Counter(source_of(name) for language, text in wanted if (name := sounds.find(text, language)))
    missing = len(wanted) - spoken.total()
    if missing == 0:
        shares = ", ".join(f"{source} {spoken[source]}" for source in Source if spoken[source])
        return Finding("sounds", True, f"All {len(wanted)} of the menu are there: {shares}.")
    says = f"{missing} of the menu's {len(wanted)} are missing; the telephone network's own voice speaks them instead."
    return Finding("sounds", False, f"{says} Run: helpline prompts render")


def look_at_recordings(telephone: Telephone) -> Finding:
    """Whether talks are recorded, and whether their store and their fetching work."""
    config = telephone.config
    if not config.record_talks:
        return Finding("recordings", True, "Talks are not recorded. Take the sentence about it out of the menus.")
    try:
        recordings_of(config).read("no-such-recording")
    except (ShelfAway, BadSetting, OSError) as error:
        return Finding("recordings", False, f"{error} See that RECORDING_STORE_URL and its keys are right.")
    failed = select(func.count()).select_from(TalkRecording).where(TalkRecording.state == "failed")
    with telephone.store.read() as connection:
        lost = connection.scalar(failed) or 0
    if lost:
        says = (
            f"{lost} could not be fetched from the telephone network, which still has them. Look at the worker's log."
        )
        return Finding("recordings", False, says)
    where = "a folder" if config.recording_store_url is None else config.recording_store_url.partition("?")[0]
    return Finding(
        "recordings", True, f"They stand in {where}, and are deleted after {config.recording_keep_days} days."
    )
