"""A day of a line in fast time: callers and people who do as they like, and a tally kept beside by whoever watches."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import update

from ivr.call_control import accept_offer, finish_wrap_up, go_ready, take_break
from ivr.departures import caller_left, leave_queue
from ivr.presences import WRAP_UP
from ivr.routing import make_offers, run_timers
from ivr.talks import begin_talk, close_talk
from ivr.tickets import use_ticket
from models.figures import Figures
from models.offer import Offer
from models.presence import Presence
from tests.ivr.office import Office

LANGUAGES = ("bn", "bn", "bn", "hi", "en")


@dataclass
class Caller:
    """One call as an onlooker sees it."""

    sid: str
    language: str
    came: datetime
    patience: timedelta
    state: str = "waiting"
    answered: datetime | None = None
    ended: datetime | None = None


@dataclass
class Person:
    """A representative as an onlooker sees them."""

    staff_id: int
    state: str = "ready"
    since: datetime | None = None
    caller: Caller | None = None
    talk_id: int = 0
    until: datetime | None = None


@dataclass
class Tally:
    """What an onlooker has noted, in the words of the definitions."""

    callers: list[Caller] = field(default_factory=list)
    talks: list[timedelta] = field(default_factory=list)
    wraps: list[timedelta] = field(default_factory=list)
    time: Counter[str] = field(default_factory=Counter)


class SimulatedDay:
    """`step` lets a few seconds pass; everything goes through the line's own functions."""

    def __init__(self, office: Office, rng: Random, people: int = 6) -> None:
        self.office, self.rng, self.tally = office, rng, Tally()
        office.clock.advance(1)
        spoken = [("bn", "en"), ("bn", "hi"), ("bn",), ("hi", "en"), ("bn", "hi", "en")]
        self.people = [
            Person(office.hire(f"p{number}", languages=spoken[number % len(spoken)])) for number in range(people)
        ]
        office.clock.advance(1)
        # From here on the onlooker's watch and the line's agree to the microsecond.
        office.store.write(lambda connection: connection.execute(update(Presence).values(since=self.now)))
        for person in self.people:
            self._become(person, "ready")

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    def step(self, seconds: float, *, more_callers: bool) -> None:
        """Let time pass; callers come and go, people answer, talk, end, rest."""
        self.office.clock.advance(seconds)
        if more_callers and self.rng.random() < 0.8:
            self._call_in()
        self._look()
        for caller in [one for one in self.tally.callers if one.state == "waiting"]:
            self._perhaps_leave(caller)
        for person in self.people:
            self._act(person)

    def figures(self) -> Figures:
        """The tally, in the shape in which rows are counted."""
        figures = Figures()
        for caller in self.tally.callers:
            figures.ended[caller.state] += 1
            if caller.state == "answered":
                assert caller.answered is not None
                waited = caller.answered - caller.came
                figures.waits[-(-waited // timedelta(seconds=1))] += 1
                figures.waited += waited // timedelta(microseconds=1)
            elif caller.state == "abandoned":
                assert caller.ended is not None
                figures.gone[-((caller.came - caller.ended) // timedelta(seconds=1))] += 1
        figures.talks = len(self.tally.talks)
        figures.talked = sum(self.tally.talks, timedelta()) // timedelta(microseconds=1)
        figures.wrapped = sum(self.tally.wraps, timedelta()) // timedelta(microseconds=1)
        lasting: Counter[str] = Counter()
        for person in self.people:
            assert person.since is not None
            lasting[person.state] += (self.now - person.since) // timedelta(microseconds=1)
        time = self.tally.time + lasting
        figures.busy = time["talk"] + time["wrap_up"]
        figures.ready = time["ready"] + time["ringing"]
        return figures

    def is_over(self) -> bool:
        return all(caller.state != "waiting" for caller in self.tally.callers) and all(
            person.state != "talk" for person in self.people
        )

    def _call_in(self) -> None:
        language = self.rng.choice(LANGUAGES)
        self.office.clock.advance(0.001)
        came = self.now
        sid = self.office.enqueue(language=language, entered_at=came, ahead_since=came)
        patience = timedelta(seconds=self.rng.choice((3, 5, 20, 60, 200, 400)))
        self.tally.callers.append(Caller(sid, language, came, patience))

    def _look(self) -> None:
        now = self.now
        self.office.keep_alive()

        def route(connection: Any) -> None:
            run_timers(connection, now)
            make_offers(connection, now)

        self.office.store.write(route)
        for person in self.people:
            if person.state == "ringing" and person.until is not None and person.until <= now:
                self._become(person, "missed")
            if person.state == "wrap_up" and person.until is not None and person.until <= now:
                self._end_wrap_up(person, "ready")
        ringing = {offer.staff_id: offer for offer in self.office.rows(Offer, state="ringing")}
        for person in self.people:
            if person.state == "ready" and person.staff_id in ringing:
                # Ringing is no new stay: the clock of being ready runs on.
                person.state, person.until = "ringing", ringing[person.staff_id].expires_at
            if person.state == "ringing" and person.staff_id not in ringing:
                person.state = "ready"

    def _perhaps_leave(self, caller: Caller) -> None:
        if self.now - caller.came < caller.patience:
            return
        how = self.rng.choice(("abandoned", "abandoned", "callback", "voicemail", "overflow"))
        now = self.now

        def leave(connection: Any) -> bool:
            if how != "abandoned":
                return leave_queue(connection, caller.sid, how, now)
            caller_left(connection, caller.sid, now)
            return True

        assert self.office.store.write(leave)
        caller.state, caller.ended = how, now
        for person in self.people:
            if person.state == "ringing" and self._offer_of(person) is None:
                person.state = "ready"

    def _act(self, person: Person) -> None:
        chance = self.rng.random()
        if person.state == "ringing" and chance < 0.6:
            self._answer(person)
        elif person.state == "talk" and chance < 0.15:
            self._hang_up(person)
        elif person.state == "wrap_up" and chance < 0.3:
            self._after_wrap_up(person)
        elif person.state in ("missed", "break") and chance < 0.3:
            go_ready(self.office.telephone, person.staff_id)
            self._become(person, "ready")
        elif person.state == "ready" and chance < 0.03:
            take_break(self.office.telephone, person.staff_id, "tea")
            self._become(person, "break")

    def _answer(self, person: Person) -> None:
        offer = self._offer_of(person)
        assert offer is not None
        accepted = accept_offer(self.office.telephone, offer.id, person.staff_id)
        self._become(person, "talk")
        caller = next(one for one in self.tally.callers if one.sid == accepted.call_sid)
        now, leg = self.now, f"CB{accepted.talk_id:032x}"

        def enter(connection: Any) -> None:
            assert use_ticket(connection, accepted.ticket, leg, person.staff_id, now) is not None
            assert begin_talk(connection, accepted.talk_id, caller.sid, now) is not None

        self.office.store.write(enter)
        person.caller, person.talk_id = caller, accepted.talk_id
        caller.state, caller.answered = "answered", caller.answered or now
        person.until = now

    def _hang_up(self, person: Person) -> None:
        how = self.rng.choice(("caller", "representative", "representative", "lost"))
        now, caller = self.now, person.caller
        assert caller is not None
        assert person.until is not None
        assert self.office.store.write(lambda connection: close_talk(connection, person.talk_id, how, now))
        self.tally.talks.append(now - person.until)
        self._become(person, "wrap_up")
        person.until = now + WRAP_UP
        if how == "lost":
            caller.state = "waiting"

    def _after_wrap_up(self, person: Person) -> None:
        if self.rng.random() < 0.7:
            finish_wrap_up(self.office.telephone, person.staff_id)
            self._end_wrap_up(person, "ready")
        else:
            take_break(self.office.telephone, person.staff_id, "tea")
            self._end_wrap_up(person, "break")

    def _end_wrap_up(self, person: Person, to: str) -> None:
        assert person.since is not None
        self.tally.wraps.append(self.now - person.since)
        self._become(person, to)

    def _become(self, person: Person, state: str) -> None:
        """The person's state changes now: note how long the one before lasted."""
        if person.since is not None:
            self.tally.time[person.state] += (self.now - person.since) // timedelta(microseconds=1)
        person.state, person.since = state, self.now

    def _offer_of(self, person: Person) -> Any:
        return self.office.row(Offer, staff_id=person.staff_id, state="ringing")
