"""What one participant of a conference hears: waiting music, hold music, announcements, the others."""

import asyncio

from ivr.emulator.call import Call, HungUp, Taken
from ivr.emulator.conference import Conference
from ivr.emulator.errors import WebhookFailed
from ivr.emulator.exchange import Exchange
from ivr.emulator.frame import CONFERENCE_WAIT, Frame
from ivr.emulator.interpreter import run
from ivr.emulator.participant import Participant

_LEAST_BETWEEN = 1.0  # seconds between two hold documents that play nothing


async def listen(ex: Exchange, conference: Conference, participant: Participant) -> None:
    """Until it is cancelled: change over whenever the room starts or the hold changes."""
    while True:
        participant.changed.clear()
        playing = ex.spawn(_play(ex, conference, participant))
        try:
            if participant.hold or conference.started.is_set():
                await participant.changed.wait()
            else:
                await _either(ex, conference, participant)
        finally:
            playing.cancel()


async def _either(ex: Exchange, conference: Conference, participant: Participant) -> None:
    changed, started = ex.spawn(participant.changed.wait()), ex.spawn(conference.started.wait())
    try:
        await participant.call.race(changed, started)
    finally:
        changed.cancel()
        started.cancel()


async def _play(ex: Exchange, conference: Conference, participant: Participant) -> None:
    if participant.hold:
        participant.call.events.add("hold")
        await _play_hold(ex, conference, participant)
    elif conference.started.is_set():
        participant.call.events.add("talk")
    else:
        await _play_wait(ex, conference, participant)


async def _play_wait(ex: Exchange, conference: Conference, participant: Participant) -> None:
    """Once: a wait document does not come again by itself. Where it fails, there is no conference."""
    if not participant.wait_url:
        if participant.wait_url == "":
            participant.call.events.add("silence")
        else:
            await play_music(participant.call)
        return
    facts = [("ConferenceSid", conference.sid), ("FriendlyName", conference.name)]
    try:
        document = await ex.request(participant.call, participant.wait_url, participant.wait_method, facts)
    except WebhookFailed as failure:
        ex.note(participant.call, failure, participant.wait_method)
        conference.leave(participant, "wait_failed")
        return
    await run(Frame(ex, participant.call, document, CONFERENCE_WAIT, lambda: facts))


async def play_music(call: Call) -> None:
    """The usual music, until it is cancelled."""
    call.events.add("music")
    with call.sounding(endless=True):
        await asyncio.get_running_loop().create_future()


async def _play_hold(ex: Exchange, conference: Conference, participant: Participant) -> None:
    if not participant.hold_url:
        await play_music(participant.call)
    facts = [("ConferenceSid", conference.sid), ("FriendlyName", conference.name)]
    while True:
        began = ex.clock.now()
        try:
            document = await ex.request(participant.call, participant.hold_url, participant.hold_method, facts)
        except WebhookFailed as failure:
            ex.note(participant.call, failure, participant.hold_method)
            return
        await run(Frame(ex, participant.call, document, CONFERENCE_WAIT, lambda: facts))
        if (ex.clock.now() - began).total_seconds() < _LEAST_BETWEEN:
            await ex.clock.sleep(_LEAST_BETWEEN)


async def announce(
    ex: Exchange, conference: Conference, participants: list[Participant], url: str, method: str
) -> None:
    """Play a document to these, over whatever they hear."""
    if not participants:
        return
    first = participants[0].call
    try:
        document = await ex.request(first, url, method, [("ConferenceSid", conference.sid)])
    except WebhookFailed as failure:
        ex.note(first, failure, method)
        conference.tell("announcement-fail", more=[("ReasonAnnouncementFailed", failure.detail), ("AnnounceUrl", url)])
        return
    heard = [ex.spawn(run(Frame(ex, each.call, document, CONFERENCE_WAIT))) for each in participants]
    for each in heard:
        try:
            await each
        except (HungUp, Taken):
            continue  # whoever left hears the rest no more
    conference.tell("announcement-end", more=[("AnnounceUrl", url)])
