"""The online voice against a stand-in of its provider: used, kept, and left alone when it is away."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from audio import render
from audio.names import Source, offline_name, online_name, source_of
from audio.online import OnlineVoice
from audio.render import render_clip, render_missing, render_online
from audio.store import SoundStore
from audio.synthesizer import CannotRender, CannotSpeak, Silence
from audio.telephone import RATE, encode
from audio.voices import UnknownLanguage, slowly
from tests.audio.google import Asked, Google, Reply, always, holding, spoken
from tests.audio.test_take import voice as spoken_by_a_person

WANTED = [("bn", "রেশনের জন্য"), ("en", "Welcome."), ("hi", "नमस्ते"), (slowly("en"), "seven")]


@pytest.fixture(autouse=True)
def _fresh_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that ran in this process before has the log kept as it was then, out of sight of `capture_logs`."""
    monkeypatch.setattr(render, "log", structlog.get_logger())


@pytest.fixture
def google() -> Iterator[Google]:
    with Google().serving() as serving:
        yield serving


class Hands:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def voice(google: Google, hands: Hands) -> Iterator[OnlineVoice]:
    opened = OnlineVoice(google.url, clock=hands.clock, wait=hands.wait)
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> SoundStore:
    """One in which a silent voice has spoken everything in the place of the offline one."""
    store = SoundStore(tmp_path, online=True)
    for language, text in WANTED:
        render_clip(store, Silence(), (offline_name(text, language), language, text))
    return store


def speakers(store: SoundStore) -> set[Source]:
    return {source_of(store.find(text, language) or "") for language, text in WANTED}


def test_it_is_used_and_kept(google: Google, voice: OnlineVoice, store: SoundStore) -> None:
    assert speakers(store) == {Source.OFFLINE}
    assert render_online(store, WANTED, voice) == len(WANTED)
    assert speakers(store) == {Source.ONLINE}
    assert set(google.asked) == {
        Asked("রেশনের জন্য", "bn", False),
        Asked("Welcome.", "en", False),
        Asked("नमस्ते", "hi", False),
        Asked("seven", "en", True),
    }
    assert store.seconds(online_name("Welcome.", "en")) == pytest.approx(0.5, abs=0.1)
    google.asked.clear()
    assert render_online(store, WANTED, voice) == 0
    assert google.asked == []


def test_what_a_person_has_spoken_is_not_asked_for(google: Google, voice: OnlineVoice, store: SoundStore) -> None:
    take = store.add_take("Welcome.", "en", encode(spoken_by_a_person(rate=RATE)))
    assert render_online(store, WANTED, voice) == len(WANTED) - 1
    assert "Welcome." not in {asked.text for asked in google.asked}
    assert store.find("Welcome.", "en") == take


def test_where_it_is_not_in_use_its_renders_do_not_serve(voice: OnlineVoice, store: SoundStore, tmp_path: Path) -> None:
    render_online(store, WANTED, voice)
    assert speakers(SoundStore(tmp_path)) == {Source.OFFLINE}


def test_a_long_text_is_asked_for_in_parts_and_heard_as_one(google: Google, voice: OnlineVoice) -> None:
    text = "This call is recorded so that your complaint is kept as you tell it, word for word. " * 2
    samples, rate = voice.speak("en", text.strip())
    assert len(google.asked) > 1
    assert samples.size / rate == pytest.approx(0.5 * len(text.split()), abs=0.5)


def test_it_is_asked_twice_a_second_at_most(google: Google, voice: OnlineVoice, hands: Hands) -> None:
    began = hands.now
    for _ in range(5):
        voice.speak("en", "Welcome.")
    assert len(google.asked) == 5
    assert hands.now - began == pytest.approx(2.0)


UNHEARD = {
    "no audio": Reply(body=holding(b"").replace(b"wrb.fr", b"er")),
    "no line": Reply(body=b")]}'\n\n[]\n"),
    "another page": Reply(body=b"<html>Before you continue</html>"),
    "broken MP3": Reply(body=holding(b"ID3" + b"\xff" * 500)),
    "broken coding": Reply(body=holding(b"x" * 9).replace(b"eHh4", b"****")),
}


@pytest.mark.parametrize("reply", UNHEARD.values(), ids=UNHEARD.keys())
def test_words_without_sound_leave_the_others_theirs(
    google: Google, voice: OnlineVoice, store: SoundStore, reply: Reply
) -> None:
    google.answer = lambda asked: reply if asked.language == "bn" else spoken(asked)
    with capture_logs() as logs:
        assert render_online(store, WANTED, voice) == len(WANTED) - 1
    assert [line["event"] for line in logs] == ["online_voice_speechless"]
    assert source_of(store.find("রেশনের জন্য", "bn") or "") is Source.OFFLINE


def test_three_texts_in_a_row_without_sound_are_an_outage(google: Google, voice: OnlineVoice) -> None:
    google.answer = always(UNHEARD["another page"])
    for _ in range(2):
        with pytest.raises(CannotSpeak):
            voice.speak("en", "Welcome.")
    with pytest.raises(CannotRender, match=r"is away\. .* left alone for 60 s"):
        voice.speak("en", "Welcome.")


@pytest.mark.parametrize(
    ("reply", "requests", "why"),
    [
        (Reply(status=429), 1, "answers 429"),
        (Reply(status=403), 1, "answers 403"),
        (Reply(status=500), 2, "answers 500"),
        (Reply(status=503), 2, "answers 503"),
    ],
)
def test_an_outage_costs_a_line_in_the_log(
    google: Google, voice: OnlineVoice, store: SoundStore, reply: Reply, requests: int, why: str
) -> None:
    google.answer = always(reply)
    with capture_logs() as logs:
        assert render_online(store, WANTED, voice) == 0
    assert [line["event"] for line in logs] == ["online_voice_away"]
    assert why in logs[0]["why"]
    assert logs[0]["left"] == len(WANTED)
    assert len(google.asked) == requests
    assert speakers(store) == {Source.OFFLINE}


def test_after_each_outage_it_is_left_alone_longer(google: Google, voice: OnlineVoice, hands: Hands) -> None:
    google.answer = always(Reply(status=429))
    for rest in (60, 120, 240, 480, 900, 900):
        with pytest.raises(CannotRender, match=f"It answers 429. It is left alone for {rest} s"):
            voice.speak("en", "Welcome.")
        hands.now += rest - 1
        with pytest.raises(CannotRender, match="is left alone for 1 s more"):
            voice.speak("en", "Welcome.")
        hands.now += 1
    assert len(google.asked) == 6
    google.answer = spoken
    assert voice.speak("en", "Welcome.")[0].size
    google.answer = always(Reply(status=429))
    with pytest.raises(CannotRender, match="left alone for 60 s"):
        voice.speak("en", "Welcome.")


def test_it_waits_as_long_as_the_provider_says(google: Google, voice: OnlineVoice, hands: Hands) -> None:
    google.answer = always(Reply(status=429, headers={"Retry-After": "300"}))
    with pytest.raises(CannotRender, match="left alone for 300 s"):
        voice.speak("en", "Welcome.")
    google.answer = spoken
    hands.now += 299
    with pytest.raises(CannotRender, match="left alone for 1 s more"):
        voice.speak("en", "Welcome.")
    hands.now += 2
    assert voice.speak("en", "Welcome.")[0].size


def test_a_passing_trouble_is_tried_once_more(google: Google, voice: OnlineVoice) -> None:
    replies = iter([Reply(status=502), spoken(Asked("Welcome.", "en", False))])
    google.answer = lambda asked: next(replies)
    assert voice.speak("en", "Welcome.")[0].size


@pytest.mark.parametrize("reply", [Reply(slow_s=1.0), Reply(body=b" " * 40_000, drips=True)], ids=["slow", "drips"])
def test_patience_has_an_end(google: Google, reply: Reply) -> None:
    google.answer = always(reply)
    impatient = OnlineVoice(google.url, timeout=0.1, wait=lambda seconds: None)
    with pytest.raises(CannotRender, match=r"does not answer \((ReadTimeout|Timeout|ConnectionError)\)"):
        impatient.speak("en", "Welcome.")
    impatient.close()


def test_nobody_there(hands: Hands, store: SoundStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    voice = OnlineVoice(f"http://127.0.0.1:{port}", clock=hands.clock, wait=hands.wait)
    with capture_logs() as logs:
        assert render_online(store, WANTED, voice) == 0
    assert "does not answer (ConnectionError)" in logs[0]["why"]
    voice.close()


def test_nothing_to_say_and_no_such_language(voice: OnlineVoice, google: Google) -> None:
    with pytest.raises(CannotSpeak, match="nothing to speak"):
        voice.speak("en", ".")
    with pytest.raises(UnknownLanguage):
        voice.speak("fr", "bonjour")
    assert google.asked == []


def test_a_later_render_gets_what_the_outage_left(
    google: Google, voice: OnlineVoice, hands: Hands, tmp_path: Path
) -> None:
    pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")
    store = SoundStore(tmp_path / "fresh", online=True)
    assert render_missing(store, WANTED) == len(WANTED)
    google.answer = always(Reply(status=500))
    assert render_online(store, WANTED, voice) == 0
    assert speakers(store) == {Source.OFFLINE}
    google.answer = spoken
    hands.now += 61
    assert render_online(store, WANTED, voice) == len(WANTED)
    assert speakers(store) == {Source.ONLINE}
    assert render_missing(store, WANTED) == 0
    assert store.seconds(store.find("seven", slowly("en")) or "") > 0.5 + 0.3
