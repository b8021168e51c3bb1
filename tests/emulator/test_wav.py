import io
import wave

import pytest

from ivr.emulator.wav import NotWav, seconds_of, words_in


def silence(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return out.getvalue()


def test_length_and_no_words() -> None:
    assert seconds_of(silence(1.5)) == 1.5
    assert words_in(silence(1.5)) == ("", "")


@pytest.mark.parametrize("junk", [b"", b"ID3", b"RIFF\0\0\0\0AVI ", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"])
def test_what_is_no_wav(junk: bytes) -> None:
    with pytest.raises(NotWav):
        seconds_of(junk)
