"""A sentence that is put together is one sound, of an address that tells nothing of it."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.names import pack_name
from audio.store import SoundStore
from audio.telephone import RATE, encode
from audio.voices import slowly
from flows.compose import compose_line
from flows.seconds import seconds_of
from flows.speaking import phrase
from flows.values import Line
from ivr.addresses import Addresses
from ivr.joined import MOST_PARTS, SILENCES, BadAddress, Sealer, read_plan
from ivr.known_sounds import KnownSounds
from ivr.lengths import clip_lengths
from ivr.publishing import wanted_sounds
from models.store import Store
from tests.flows.calls import shipped
from tests.flows.test_numbers import LANGUAGES, references
from tests.ivr.line_in_test import LineInTest

BASE = "https://x.example/sounds/joined/"
SUFFIX = ".wav?by=offline"
REFERENCE = "26482173059"


def plan_part(name: str, silence: int) -> bytes:
    return pack_name(name) + SILENCES[silence]


def told(language: str, reference: str) -> Line:
    return compose_line(shipped(), language, "your_reference_is", {"reference": reference}.get)


def fill(store: SoundStore, line: Line) -> None:
    """A sound for each unit of the line, each of a length of its own."""
    for number, unit in enumerate(dict.fromkeys(phrase(line))):
        language = slowly(line.language) if unit.slow else line.language
        wav = encode(0.3 * np.sin(np.arange(RATE // 10 + 80 * number)))
        store.put(store.name_of(unit.text, language), wav)


def joined(sounds: KnownSounds, line: Line) -> str:
    address = sounds.join(line.language, phrase(line))
    assert address is not None
    return address


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> SoundStore:
    """A store with a file for whatever the shipped flow renders ahead, and for nothing else."""
    store = SoundStore(tmp_path_factory.mktemp("sounds"))
    for language, text in set(wanted_sounds(shipped())):
        store.put(store.name_of(text, language), b"RIFF")
    return store


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_thousand_references_each_has_all_its_clips_in_order(rendered: SoundStore, language: str) -> None:
    sealer = Sealer("secret")
    sounds = KnownSounds(rendered, Addresses("https://x.example"), sealer)
    seen = set()
    for reference in references():
        line = told(language, reference)
        address = joined(sounds, line)
        plan = list(read_plan(sealer.open(address.removeprefix(BASE).removesuffix(SUFFIX))))
        assert plan == [
            (rendered.name_of(unit.text, slowly(language) if unit.slow else language), unit.pause)
            for unit in phrase(line)
        ]
        seen.add(address)
    assert len(seen) == len(set(references()))
    assert len({len(address) for address in seen}) == 1


def test_an_address_tells_nothing_of_the_clips(rendered: SoundStore) -> None:
    sounds = KnownSounds(rendered, Addresses("https://x.example"), Sealer("secret"))
    token = joined(sounds, told("bn", REFERENCE)).removeprefix(BASE).removesuffix(SUFFIX)
    bytes_of_it = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for unit in phrase(told("bn", REFERENCE)):
        name = rendered.name_of(unit.text, slowly("bn") if unit.slow else "bn")
        assert name not in token
        assert bytes.fromhex(name)[:8] not in bytes_of_it
    # The same digit eleven times and eleven different ones look alike: no part of the address stands for a clip.
    alike = joined(sounds, told("bn", "11111111111")).removeprefix(BASE)
    assert len(alike) == len(token) + len(SUFFIX)
    pieces = [bytes_of_it[at : at + 8] for at in range(len(bytes_of_it) - 8)]
    assert len(set(pieces)) == len(pieces)


def test_only_who_has_the_secret_opens_an_address() -> None:
    plan = plan_part("ab" * 32, 30) + plan_part("cd" * 32, 0)
    token = Sealer("secret").seal(plan)
    assert list(read_plan(Sealer("secret").open(token))) == [("ab" * 32, 30), ("cd" * 32, 0)]
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for other, asked in ((Sealer("another"), token), (Sealer("secret"), changed), (Sealer("secret"), "")):
        with pytest.raises(BadAddress):
            list(read_plan(other.open(asked)))
    for junk in ("a", "ab", "é" * 40, "=" * 9, "A" * 3000):
        with pytest.raises(BadAddress):
            Sealer("secret").open(junk)
    with pytest.raises(BadAddress):
        list(read_plan(b"abc"))


def test_a_line_with_a_piece_that_has_no_sound_is_not_joined(rendered: SoundStore) -> None:
    sounds = KnownSounds(rendered, Addresses("https://x.example"), Sealer("secret"))
    facts = {"complaint.department": "Food and Supplies", "complaint.due_on": "2026-12-09"}
    named = compose_line(shipped(), "en", "status_forwarded", facts.get)
    assert sounds.join("en", phrase(named)) is None
    assert sounds.join("en", phrase(told("en", REFERENCE))[1:2] * (MOST_PARTS + 1)) is None


def test_one_fetch_plays_the_whole_sentence_with_its_pauses(line: LineInTest) -> None:
    sounds: KnownSounds = line.app.extensions["voice"].sound_of
    sentence = told("bn", REFERENCE)
    fill(line.telephone.sounds, sentence)
    address = joined(sounds, sentence).removeprefix(line.config.public_url)
    answer = line.client().get(address)
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    seconds = soundfile.info(io.BytesIO(answer.data)).duration
    assert seconds == pytest.approx(seconds_of([sentence], clip_lengths(line.telephone.sounds)))
    again = line.client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_address_that_was_made_up_has_no_sound(line: LineInTest) -> None:
    missing = Sealer(line.config.secret_key).seal(plan_part("ab" * 32, 0))
    for token in ("abc", "A" * 400, missing):
        assert line.client().get(f"/sounds/joined/{token}.wav").status_code == 404
