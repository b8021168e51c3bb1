"""Each death of a browser in each state of a call: what the caller hears, how long they are alone, where the words are.

docs/survival.md is its golden file. After a change that is meant: `pytest tests/journeys/test_survival.py -n 0
--update-stories`, and read the difference.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.last_resort import APOLOGY
from ivr.leg_phrases import PLEASE_STAY
from ivr.offers import RINGS_FOR
from ivr.presences import LEASE
from ivr.talk_timers import ALONE_FOR
from models.call_back import CallBack
from models.draft import Draft
from models.offer import Offer
from models.outcomes import DEFAULT_OUTCOME
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from models.transfer import Transfer
from tests.ivr.exchange import running_exchange
from tests.ivr.office import START
from tests.journeys.desk_and_caller import CITIZEN, TOLD, Person, Scene, open_scene

DOCUMENT = Path(__file__).parents[2] / "docs" / "survival.md"

RELOAD_S = 3  # until a page stands again
OUTAGE_S = 24  # of the network: the longest after which the caller is still there
SIGN_IN_S = 15
SWEPT_S = 6  # the sweep looks every five seconds
SPEED = 20.0  # of the telephone: a menu waits for its key for 0.3 seconds of the wall


class Fate(NamedTuple):
    """What became of caller and words. A row of the document."""

    heard: str
    alone: str
    then: str
    words: str


# ---- the states of a call ------------------------------------------------------------------------------------------


def ring(scene: Scene) -> None:
    """At Asha's, while Bimal is free too."""
    scene.dial()
    scene.make_ready(scene.bimal)


def talk(scene: Scene) -> None:
    scene.dial()
    scene.talk()


def hold(scene: Scene) -> None:
    talk(scene)
    scene.act("hold")


def consult(scene: Scene) -> None:
    """Bimal has been asked, and is in; the caller is held."""
    talk(scene)
    scene.make_ready(scene.bimal)
    scene.act("hand-on", colleague=scene.bimal.staff_id)
    scene.bimal.come_in()


def wrap_up(scene: Scene) -> None:
    """The caller rates the call and is gone; the complaint is not registered yet."""
    talk(scene)
    scene.act("end")
    scene.call.hears("press 1").hang_up()
    scene.asha.hang_up()


STATES: dict[str, Callable[[Scene], None]] = {
    "It is ringing": ring,
    "They are talking": talk,
    "The caller is on hold": hold,
    "A colleague is being consulted": consult,
    "The call is over, and is being wrapped up": wrap_up,
}


# ---- the deaths of a browser ---------------------------------------------------------------------------------------


def reload(scene: Scene) -> None:
    scene.asha.leave_page()
    scene.pass_seconds(RELOAD_S)
    assert scene.asha.open_page()
    scene.asha.come_in()


def close_tab(scene: Scene) -> None:
    scene.asha.leave_page()


def kill_browser(scene: Scene) -> None:
    scene.asha.drop_off()


def lose_network(scene: Scene) -> None:
    """Also a laptop that is shut and opened again."""
    scene.asha.drop_off()
    scene.pass_seconds(OUTAGE_S)
    scene.asha.is_there = scene.asha.show_life()
    scene.asha.come_in()


def open_second_tab(scene: Scene) -> None:
    scene.asha.tab = "second"
    assert not scene.asha.open_page()  # it says so, and the first one goes on
    assert scene.asha.open_page(take_over=True)
    scene.asha.come_in()


def sign_out(scene: Scene) -> None:
    scene.asha.browser.post("/desk/sign-out")
    scene.asha.drop_off()
    scene.pass_seconds(SIGN_IN_S)
    scene.asha.sign_in()
    assert scene.asha.open_page()
    scene.asha.come_in()


def let_session_end(scene: Scene) -> None:
    """The page cannot save any more; its voice goes on. They sign in again in another tab, and take over there."""
    scene.asha.lose_session()
    scene.pass_seconds(SIGN_IN_S)
    scene.asha.sign_in()
    open_second_tab(scene)


def let_voice_pass_end(scene: Scene) -> None:
    """The line goes with it, and the network refuses the old pass; where it still rings, the answer meets that."""
    scene.asha.let_token_expire()
    scene.asha.hang_up()
    scene.pass_seconds(RELOAD_S)
    scene.asha.come_in()


DEATHS: dict[str, Callable[[Scene], None]] = {
    "Page reloaded": reload,
    "Tab closed": close_tab,
    "Browser killed": kill_browser,
    f"Network lost for {OUTAGE_S} s, lid shut": lose_network,
    "Second tab takes over": open_second_tab,
    f"Signed out, in again after {SIGN_IN_S} s": sign_out,
    f"Session ended, in again after {SIGN_IN_S} s": let_session_end,
    "Voice pass ended, and the line": let_voice_pass_end,
}


# ---- what became of it ---------------------------------------------------------------------------------------------


def fate_of_caller(scene: Scene) -> Fate:
    """Let time pass until somebody has the caller. Whoever is back in line is served before everybody else there."""
    waits_since = scene.desk.clock.now() - timedelta(hours=1)
    rival = scene.desk.enqueue(language="en", urgent=True, priority=10, ahead_since=waits_since)
    scene.pass_until(lambda: scene.with_whom() != "nobody")
    assert scene.alone_s <= ALONE_FOR.total_seconds()
    back_in_line = scene.with_whom() == "line"
    if back_in_line:
        scene.make_ready(scene.bimal)
        answer(scene, scene.bimal)
        assert scene.desk.row(QueueEntry, call_sid=rival).state == "waiting"
    then = f"first in line; {name_of(scene)}" if back_in_line else name_of(scene)
    return Fate(heard(scene), alone(scene), then + what_goes_on(scene), words_on_the_form(scene))


def fate_of_ringing(scene: Scene) -> Fate:
    """Whoever it rings at now answers; it has rung there for no longer than the caller was in line in vain."""
    waited_s = scene.seconds
    if scene.with_whom() == "line":
        scene.pass_until(lambda: scene.desk.row(Offer, staff_id=scene.bimal.staff_id))
        offer = scene.desk.row(Offer, staff_id=scene.bimal.staff_id)
        waited_s = round((offer.made_at - START).total_seconds())
        answer(scene, scene.bimal)
    assert waited_s <= RINGS_FOR.total_seconds()
    scene.until_citizen_is_in()
    scene.call.talks()
    return Fate(heard(scene), f"in line, {waited_s} s", name_of(scene), words_on_the_form(scene))


def fate_of_wrap_up(scene: Scene) -> Fate:
    """The form stands there again; or wrap-up ends by itself, and what is not registered is a call to be made."""
    if scene.asha.is_there:
        assert scene.asha.sees('id="wrap-form"') is (scene.desk.presence(scene.asha.staff_id) == "wrap_up")
    if scene.asha.is_there and scene.asha.sees('id="wrap-form"'):
        return Fate("–", "–", "wrap-up goes on", words_on_the_form(scene))
    scene.pass_until(lambda: scene.desk.rows(CallBack))
    assert scene.seconds <= LEASE.total_seconds() + SWEPT_S
    call_back = scene.desk.row(CallBack)
    assert (call_back.reason, call_back.number, scene.desk.row(Talk).result) == ("talk_lost", CITIZEN, DEFAULT_OUTCOME)
    scene.asha.sign_in()
    assert scene.asha.sees(TOLD[:20], "/desk/drafts")
    return Fate("–", "–", "called back, from the list *Outreach*", "among the first one's drafts")


def answer(scene: Scene, person: Person) -> None:
    scene.until_it_rings(person)
    person.come_in()
    scene.until_citizen_is_in()


def heard(scene: Scene) -> str:
    """What was said because of it, and nothing else was said: neither an apology nor a sentence too many."""
    said = str(scene.call.dialogue)
    assert said.count(PLEASE_STAY["en"]) == len(scene.heard)
    assert APOLOGY["en"] not in said
    return {0: "nothing of it", 1: "*please stay*", 2: "*please stay*, twice"}[len(scene.heard)]


def alone(scene: Scene) -> str:
    return f"{scene.alone_s} s"


def name_of(scene: Scene) -> str:
    return {"asha": "the same person", "bimal": "a colleague"}[scene.with_whom()]


def what_goes_on(scene: Scene) -> str:
    under_way = scene.desk.row(Transfer, state="consulting")
    if under_way is not None:
        return ", who goes on consulting"
    return ", still on hold" if scene.talk_of_caller.held else ""


def words_on_the_form(scene: Scene) -> str:
    """Every character stands on the form of whoever has the caller or their wrap-up, and can be written on."""
    has = scene.people.get(scene.with_whom(), scene.asha)
    if scene.desk.row(Draft).version == 0:
        has.write(TOLD)
        return "none yet; the form opens"
    assert has.sees(f"{TOLD}</textarea>")
    has.write(f"{TOLD}!")
    assert has.sees(f"{TOLD}!</textarea>")
    return "on the form"


# ---- the document --------------------------------------------------------------------------------------------------

FATES: dict[Callable[[Scene], None], Callable[[Scene], Fate]] = {ring: fate_of_ringing, wrap_up: fate_of_wrap_up}
CELLS = [(state, death) for state in STATES for death in DEATHS]


@pytest.fixture
def scene(sqlite_store: Store, tmp_path: Path) -> Iterator[Scene]:
    with running_exchange(sqlite_store, tmp_path, speed=SPEED) as exchange:
        scene = open_scene(exchange)
        yield scene
        scene.call.hang_up()


@pytest.mark.parametrize(("state", "death"), CELLS)
def test_the_document_tells_what_becomes_of_caller_and_words(
    scene: Scene, state: str, death: str, request: pytest.FixtureRequest
) -> None:
    STATES[state](scene)
    DEATHS[death](scene)
    fate = FATES.get(STATES[state], fate_of_caller)(scene)
    at, lines = find_row(state, death)
    now = f"| {' | '.join((death, *fate))} |"
    if request.config.getoption("--update-stories"):
        lines[at] = now
        DOCUMENT.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    assert now == lines[at]


def test_the_document_has_each_cell_once() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    written = [line for line in lines if line.startswith("| ") and not line.startswith("| What happens")]
    assert len(written) == len({find_row(state, death)[0] for state, death in CELLS})


def find_row(state: str, death: str) -> tuple[int, list[str]]:
    """Where this row stands in the document, and all of its lines."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    under = lines.index(f"## {state}")
    return next(at for at in range(under, len(lines)) if lines[at].startswith(f"| {death} |")), lines
