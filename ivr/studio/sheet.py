"""What the studio shows of each prompt: its words, who speaks them, for how long, and what is still to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audio.names import Source, line_key, one_line, source_of
from audio.shelf import ShelfAway
from audio.store import UnknownSound, chosen_takes
from audio.voices import UnknownLanguage
from flows.approvals import fingerprint
from flows.finding import Finding
from flows.loading.catalogue import catalogue_file
from flows.seconds import Clip, seconds_of, sort_units
from ivr.lengths import clip_lengths, seconds_of_sound
from ivr.publishing import wanted_sounds
from ivr.studio.changes import Working, read_working
from ivr.studio.prompts import TEXTS, PromptGroup, group_prompts, lines_of_prompts, pieces_of
from ivr.studio.takes import TakeOf, approved_names, own_phrases, standing_takes
from ivr.studio.wording import check_working
from ivr.telephone import Telephone

_PROVIDER = "provider"  # the telephone network's own voice


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that one person records at a time. `sound` is what callers hear with the next publishing, if there is one.

    `speaker` says who that is. `is_live` is false while callers still hear something else.
    """

    language: str
    text: str
    key: str
    sound: str | None
    speaker: str
    seconds: float | None
    take: TakeOf | None
    waiting: TakeOf | None
    is_live: bool

    @property
    def is_recorded(self) -> bool:
        """Whether a person speaks it."""
        return self.speaker == Source.RECORDED


@dataclass(frozen=True, slots=True)
class Cell:
    """One prompt in one language. `seconds` are guessed where a sound is missing; a text has no voice."""

    language: str
    words: str
    seen: str
    pieces: tuple[Piece, ...]
    seconds: float
    is_guessed: bool
    is_stale: bool
    is_changed: bool
    is_confirmed: bool
    findings: tuple[Finding, ...]

    @property
    def recorded(self) -> int:
        """How many of its pieces a person speaks."""
        return sum(piece.is_recorded for piece in self.pieces)

    @property
    def can_be_heard(self) -> bool:
        """Whether all of its own words have a sound."""
        return bool(self.pieces) and all(piece.sound for piece in self.pieces)

    @property
    def lacks_recording(self) -> bool:
        """Whether a person still has to speak some of it."""
        return self.recorded < len(self.pieces)

    @property
    def waits(self) -> bool:
        """Whether a take of it waits for approval."""
        return any(piece.waiting for piece in self.pieces)

    @property
    def is_unpublished(self) -> bool:
        """Whether callers hear something else now than with the next publishing."""
        return self.is_changed or self.is_confirmed or any(not piece.is_live for piece in self.pieces)

    @property
    def is_too_long(self) -> bool:
        """Whether a text takes more than one part."""
        return any(finding.code == "W13" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt in all languages."""

    prompt: str
    kind: str
    step: str
    cells: Mapping[str, Cell]
    is_in_long_menu: bool

    @property
    def is_text(self) -> bool:
        """Whether it is sent rather than spoken."""
        return self.kind == TEXTS

    @property
    def is_too_long(self) -> bool:
        """Whether a caller, or a text message, has too much of it."""
        return self.is_in_long_menu or any(cell.is_too_long for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Group:
    """A step's prompts. `seconds` is how long all of them take, by language."""

    kind: str
    step: str
    rows: tuple[Row, ...]
    seconds: Mapping[str, float]
    is_too_long: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All prompts, and the recordings that there are."""

    working: Working
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]

    @property
    def rows(self) -> list[Row]:
        """Every prompt."""
        return [row for group in self.groups for row in group.rows]

    def row(self, prompt: str) -> Row | None:
        """One prompt; None if there is none of this name."""
        return next((row for row in self.rows if row.prompt == prompt), None)


def read_sheet(telephone: Telephone) -> Sheet:
    """Everything that the studio shows, as it is now. Raises NoFlow."""
    with telephone.store.read() as connection:
        working = read_working(telephone, connection)
    findings = working.broken or tuple(check_working(telephone, working.source))
    voices = Voices(telephone, working)
    builder = _Builder(working, voices, findings)
    groups = tuple(builder.group(group) for group in group_prompts(working.flow))
    return Sheet(working, groups, findings)


class Voices:
    """Who speaks what with the next publishing, and who speaks it now."""

    def __init__(self, telephone: Telephone, working: Working) -> None:
        self._store = telephone.sounds
        with telephone.store.read() as connection:
            self.approved, self.waiting = standing_takes(connection)
            names = approved_names(connection, wanted_sounds(working.flow))
        if working.live.takes is None:
            self._takes = None  # a version from before: the newest recordings count
        else:
            self._takes = chosen_takes(names)
        self._live = None if working.live.takes is None else set(working.live.takes)
        self._own = own_phrases()
        self.clip: Clip = clip_lengths(self._store, self._takes)

    def piece(self, language: str, text: str) -> Piece:
        """One unit of words with its sound."""
        key = line_key(text, language)
        try:
            sound = self._store.find(text, language, self._takes)
            seconds = None if sound is None else seconds_of_sound(self._store, sound)
        except (UnknownLanguage, UnknownSound, ShelfAway):
            sound = seconds = None
        speaker = _PROVIDER if sound is None else str(source_of(sound))
        take = self.approved.get(key)
        waiting = self.waiting.get(key)
        return Piece(language, text, key, sound, speaker, seconds, take, waiting, self._is_live(language, text, take))

    def _is_live(self, language: str, text: str, take: TakeOf | None) -> bool:
        if self._live is None or take is None or (language, one_line(text)) in self._own:
            return True
        return take.name in self._live


class _Builder:
    def __init__(self, working: Working, voices: Voices, findings: Iterable[Finding]) -> None:
        self._working = working
        self._voices = voices
        self._findings = tuple(findings)
        self._flow = working.flow
        self._approvals = working.approvals
        self._lines = {language: lines_of_prompts(self._flow, language) for language in self._flow.languages}
        self._long_steps = {finding.place for finding in self._findings if finding.code == "W02"}

    def group(self, group: PromptGroup) -> Group:
        step = self._flow.steps.get(group.step)
        is_long = step is not None and step.at in self._long_steps
        rows = tuple(self._row(key, group, is_long) for key in group.prompts)
        seconds = {
            language: sum(row.cells[language].seconds for row in rows if language in row.cells)
            for language in self._flow.languages
        }
        return Group(group.kind, group.step, rows, seconds, is_long)

    def _row(self, key: str, group: PromptGroup, is_long: bool) -> Row:
        cells = {language: self._cell(key, language, is_text=group.kind == TEXTS) for language in self._flow.languages}
        return Row(key, group.kind, group.step, cells, is_long)

    def _cell(self, key: str, language: str, *, is_text: bool) -> Cell:
        working = self._working
        words = working.words(key, language)
        lines = () if is_text else self._lines[language].get(key, ())
        texts = dict.fromkeys(text for line in lines for text in pieces_of(line))
        change = working.changes.get((key, language))
        return Cell(
            language,
            words,
            fingerprint(words),
            tuple(self._voices.piece(language, text) for text in texts),
            seconds_of(lines[:1], self._voices.clip),
            bool(sort_units(lines[:1], self._voices.clip)[1]),
            working.is_stale(key, language, self._approvals),
            change is not None and change.words is not None,
            change is not None and change.words is None,
            self._about(key, language),
        )

    def _about(self, key: str, language: str) -> tuple[Finding, ...]:
        prompt = self._flow.catalogues[language].prompts.get(key)
        file = catalogue_file(language)
        if prompt is None:
            return ()
        return tuple(finding for finding in self._findings if finding.place.file == file and finding.place == prompt.at)
