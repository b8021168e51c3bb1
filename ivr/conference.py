"""The conference that every talk is: its name, the document that brings a leg into it, and what is heard alone."""

import secrets
from xml.sax.saxutils import escape, quoteattr

from config import Config

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"


def new_conference_name() -> str:
    """A random name: it is visible to the whole account, so it tells nothing of the caller."""
    return f"talk-{secrets.token_hex(12)}"


def caller_url(config: Config, call_sid: str, talk_id: int) -> str:
    """The document that takes a waiting caller into the talk."""
    return f"{config.public_url}/voice/calls/{call_sid}/talk/{talk_id}"


def music_url(config: Config) -> str:
    """What one hears alone in a conference, or on hold."""
    return f"{config.public_url}/voice/legs/music"


def keypad_url(config: Config, check_id: int) -> str:
    """Where a caller types a code; what is typed is told below it."""
    return f"{config.public_url}/voice/keypad/{check_id}"


def exit_url(config: Config, talk_id: int, reason: str) -> str:
    """The sentence with which a silent, crank or abusive call ends."""
    return f"{config.public_url}/voice/legs/exit/{talk_id}/{reason}"


def stay_url(config: Config, talk_id: int) -> str:
    """What a caller hears whose representative's line is gone."""
    return f"{config.public_url}/voice/legs/stay/{talk_id}"


def recording_url(config: Config, name: str) -> str:
    """Where the recording of the conference of this name is told of."""
    return f"{config.public_url}/voice/recordings/{name}"


def conference_attributes(config: Config, name: str) -> str:
    """The attributes that every leg's `<Conference>` carries alike: only those of the first participant count.

    No leg ends the conference by leaving it: only the server ends it. The network records from the moment two are in
    it, so that nothing is recorded of a caller before the document that brings them in has said so.
    """
    recorded = (
        ' record="record-from-start" trim="do-not-trim"'
        f' recordingStatusCallback="{recording_url(config, name)}"'
        ' recordingStatusCallbackEvent="in-progress completed absent"'
    )
    return (
        'beep="false" startConferenceOnEnter="true" endConferenceOnExit="false"'
        f' waitUrl="{music_url(config)}" statusCallback="{config.public_url}/voice/legs/conference"'
        ' statusCallbackEvent="start end join leave mute hold"'
    ) + (recorded if config.record_talks else "")


def conference_document(config: Config, name: str, action: str, speech: str = "", *, muted: bool = False) -> str:
    """Put a leg, of whomever, into the conference, after `speech` (TwiML). A supervisor is `muted`.

    `action` is the absolute address that is asked when the leg is out again.
    """
    closed = ' muted="true"' if muted else ""
    room = f"<Conference {conference_attributes(config, name)}{closed}>{escape(name)}</Conference>"
    return f"{_HEAD}{speech}<Dial action={quoteattr(action)}>{room}</Dial>{_TAIL}"


def music_document(config: Config, address: str | None, section: int) -> str:
    """One section of the music (or as long a silence), and the way to the next: a conference does not repeat it."""
    heard = f"<Play>{escape(address)}</Play>" if address else '<Pause length="8"/>'
    onward = f"{music_url(config)}?section={section}"
    return f"{_HEAD}{heard}<Redirect>{escape(onward)}</Redirect>{_TAIL}"
