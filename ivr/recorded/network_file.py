"""The file of a recording, fetched from the network and looked at before it is believed."""

import io

import requests
import soundfile

from config import Config
from ivr.recordings import recording_address

MOST_BYTES = 250_000_000  # four hours, the longest that the network lets a call last
_PATIENCE = (3.0, 20.0)  # seconds to connect, and between two pieces
_PIECE = 65_536
_MAY_DIFFER_S = 2.0
_MAY_DIFFER = 0.05


class NoSound(Exception):
    """What was fetched is not the recording; the message is a word for the row."""


def fetch_file(config: Config, recording_sid: str) -> bytes:
    """The WAV file of this recording. Raises NoSound, whatever went wrong; the address is ours, never one told."""
    address = recording_address(config, recording_sid)
    key = (config.twilio_account_sid, config.twilio_auth_token)
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(address, auth=key, timeout=_PATIENCE, stream=True) as answer:
                if answer.status_code != 200:
                    raise NoSound(f"status_{answer.status_code}")
                content = bytearray()
                for piece in answer.iter_content(_PIECE):
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise NoSound("too_long")
    except requests.RequestException as error:
        raise NoSound("no_answer") from error
    return bytes(content)


def check_sound(content: bytes, told_seconds: int) -> int:
    """How long the sound lasts, in whole seconds. Raises NoSound where it is none, or not what was told."""
    try:
        about = soundfile.info(io.BytesIO(content))
    except soundfile.SoundFileError as error:
        raise NoSound("no_sound") from error
    if about.format != "WAV" or about.frames == 0 or about.channels not in (1, 2):
        raise NoSound("no_sound")
    seconds = float(about.frames / about.samplerate)
    if told_seconds and abs(seconds - told_seconds) > max(_MAY_DIFFER_S, told_seconds * _MAY_DIFFER):
        raise NoSound("cut_off")
    return round(seconds)
