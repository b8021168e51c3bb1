"""Render ahead what the store lacks: by the offline voice first, two of them side by side, so that all can be heard;
then by the online voice, where one is in use."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import structlog

from audio import music
from audio.names import Source, offline_name, online_name
from audio.program import SPEAK, SpeakProgram
from audio.store import SoundStore
from audio.synthesizer import CannotRender, CannotSpeak, Synthesizer
from audio.telephone import encode, rest, to_telephone
from audio.voices import at_usual_pace, voice_of
from audio.words import add_words

log = structlog.get_logger()

Progress = Callable[[int, int], None]  # how many clips are done, of how many
Words = tuple[str, str]  # language, text
Unit = tuple[str, str, str]  # name, language, text

_PROCESSES = 2


def render_missing(
    store: SoundStore,
    wanted: Iterable[Words],
    *,
    progress: Progress = lambda done, total: None,
    speak: Sequence[str] = SPEAK,
) -> int:
    """Render by the offline voice each (language, text) that nobody speaks, and the sounds without words; return how
    many clips.

    May be broken off at any time and started again: what was rendered is kept. Raises CannotRender, ShelfAway,
    UnknownLanguage.
    """
    store.refresh()
    make_sounds(store)
    missing = [(offline_name(text, language), language, text) for language, text in silent_words(store, wanted)]
    work = _Work(store, missing, progress, speak)
    with ThreadPoolExecutor(_PROCESSES) as threads:
        all_running = [threads.submit(work.run) for _ in range(min(_PROCESSES, len(missing)))]
        try:
            for running in all_running:
                running.result()
        finally:
            work.stop()  # Ctrl-C arrives here, in the main thread
    return len(missing)


def render_online(
    store: SoundStore,
    wanted: Iterable[Words],
    voice: Synthesizer,
    *,
    progress: Progress = lambda done, total: None,
) -> int:
    """Render by the online voice what no person speaks and it has not yet; return how many clips.

    When it goes away, that is a line in the log: the offline renders serve until this is asked for again.
    """
    store.refresh()
    better = words_for_online(store, wanted)
    count = 0
    for done, (language, text) in enumerate(better, start=1):
        try:
            render_clip(store, voice, (online_name(text, language), language, text))
            count += 1
        except CannotSpeak as error:
            log.warning("online_voice_speechless", language=language, text=text, why=str(error))
        except CannotRender as error:
            log.warning("online_voice_away", left=len(better) - count, why=str(error))
            break
        progress(done, len(better))
    return count


def make_sounds(store: SoundStore) -> None:
    """Put the hold music and the record tone into the store, if they are not there. Needs no synthesizer."""
    if all(store.has(name) for name in (*music.HOLD_MUSIC, music.RECORD_TONE)):
        return
    for name, wav in music.sounds().items():
        store.put(name, wav)


def silent_words(store: SoundStore, wanted: Iterable[Words]) -> list[Words]:
    """Those that nobody speaks yet. Raises UnknownLanguage."""
    return _lacking(store, wanted, Source.OFFLINE)


def words_for_online(store: SoundStore, wanted: Iterable[Words]) -> list[Words]:
    """Those that neither a person nor the online voice speaks yet. Raises UnknownLanguage."""
    return _lacking(store, wanted, Source.ONLINE)


def render_clip(store: SoundStore, voice: Synthesizer, unit: Unit) -> None:
    """Have `voice` speak a unit, and keep it under its name. Raises CannotRender, UnknownLanguage."""
    name, language, text = unit
    wav = encode(rest(to_telephone(*voice.speak(language, text)), voice_of(language).rest))
    store.put(name, add_words(wav, text, at_usual_pace(language)))


def _lacking(store: SoundStore, wanted: Iterable[Words], source: Source) -> list[Words]:
    named = {offline_name(text, language): (language, text) for language, text in wanted if text.strip()}
    return [(language, text) for language, text in named.values() if store.lacks(text, language, source)]


class _Work:
    """What is left to render, shared by the threads that each drive one synthesizer."""

    def __init__(self, store: SoundStore, missing: list[Unit], progress: Progress, speak: Sequence[str]) -> None:
        self._store, self._progress, self._speak = store, progress, speak
        self._left = missing[::-1]
        self._total = len(missing)
        self._done = 0
        self._lock = Lock()

    def run(self) -> None:
        """Render until nothing is left. Raises CannotRender, and then the other threads end too."""
        try:
            with SpeakProgram(self._speak) as program:
                while unit := self._next():
                    self._render(program, unit)
        except BaseException:
            self.stop()
            raise

    def _next(self) -> Unit | None:
        with self._lock:
            return self._left.pop() if self._left else None

    def stop(self) -> None:
        """Render nothing more."""
        with self._lock:
            self._left.clear()

    def _render(self, program: Synthesizer, unit: Unit) -> None:
        render_clip(self._store, program, unit)
        with self._lock:
            self._done += 1
            self._progress(self._done, self._total)
