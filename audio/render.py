"""Render ahead what the store lacks. The synthesizer runs as a program of its own, two of them side by side."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from audio import music
from audio.program import SPEAK, SpeakProgram
from audio.store import SoundStore
from audio.telephone import encode, rest, to_telephone
from audio.voices import at_usual_pace, voice_of
from audio.words import add_words

Progress = Callable[[int, int], None]  # how many clips are done, of how many
Unit = tuple[str, str, str]  # name, language, text

_PROCESSES = 2


def render_missing(
    store: SoundStore,
    wanted: Iterable[tuple[str, str]],
    *,
    progress: Progress = lambda done, total: None,
    speak: Sequence[str] = SPEAK,
) -> int:
    """Render each (language, text) that the store lacks, the hold music and the record tone; return how many clips.

    May be broken off at any time and started again: what was rendered is kept. Raises CannotRender, UnknownLanguage.
    """
    make_sounds(store)
    missing = _missing(store, wanted)
    work = _Work(store, missing, progress, speak)
    with ThreadPoolExecutor(_PROCESSES) as threads:
        all_running = [threads.submit(work.run) for _ in range(min(_PROCESSES, len(missing)))]
        try:
            for running in all_running:
                running.result()
        finally:
            work.stop()  # Ctrl-C arrives here, in the main thread
    return len(missing)


def make_sounds(store: SoundStore) -> None:
    """Put the hold music and the record tone into the store, if they are not there. Needs no synthesizer."""
    if all(store.has(name) for name in (*music.HOLD_MUSIC, music.RECORD_TONE)):
        return
    for name, wav in music.sounds().items():
        store.put(name, wav)


def _missing(store: SoundStore, wanted: Iterable[tuple[str, str]]) -> list[Unit]:
    named = {store.name_of(text, language): (language, text) for language, text in wanted if text.strip()}
    return [(name, *unit) for name, unit in named.items() if not store.has(name)]


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

    def _render(self, program: SpeakProgram, unit: Unit) -> None:
        name, language, text = unit
        wav = encode(rest(to_telephone(*program.speak(language, text)), voice_of(language).rest))
        self._store.put(name, add_words(wav, text, at_usual_pace(language)))
        with self._lock:
            self._done += 1
            self._progress(self._done, self._total)
