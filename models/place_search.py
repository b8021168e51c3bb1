"""Places by name, however they are written: in three scripts, in old spellings, half typed, by ear."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from models.base import composed

LIKELY = 62.0  # of 100: below it nothing is offered
_BENGALI, _TO_DEVANAGARI = range(0x0980, 0x0A00), 0x80  # the two blocks stand letter beside letter
_NUKTA, _VIRAMA = "़", "्"

_VOWELS = dict(zip("अआइईउऊऋएऐओऔ", ["a", "a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au"], strict=True))
_SIGNS = dict(zip("ािीुूृेैोौंँः", ["a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au", "n", "n", "h"], strict=True))
_LETTERS = "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह"
_SOUNDS = "k kh g gh ng ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l b sh sh s h"
_CONSONANTS = dict(zip(_LETTERS, _SOUNDS.split(), strict=True))
# What people write for one sound, in the order in which it is folded.
_FOLDS = (
    ("tion", "sn"), ("chh", "C"), ("ch", "C"), ("sh", "s"), ("kh", "k"), ("gh", "g"), ("jh", "j"), ("th", "t"),
    ("dh", "d"), ("ph", "p"), ("bh", "b"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("f", "p"), ("v", "b"), ("z", "j"),
    ("q", "k"), ("c", "k"), ("x", "ks"), ("w", ""), ("y", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A place that may be meant; `likeness` is of 100."""

    code: str
    likeness: float


def find_places(places: Iterable[tuple[str, Mapping[str, str]]], typed: str, limit: int = 8) -> list[Found]:
    """The places that may be meant, the likeliest first. `places` are codes with names by language."""
    wanted = _plain(typed)
    if len(wanted) < 2:
        return []
    likely = [Found(code, _likeness(wanted, tuple(names.values()))) for code, names in places]
    fitting = [found for found in likely if found.likeness >= LIKELY]
    return sorted(fitting, key=lambda found: (-found.likeness, found.code))[:limit]


def _likeness(wanted: str, names: tuple[str, ...]) -> float:
    return max((_compare(wanted, name) for name in names), default=0.0)


def _compare(wanted: str, name: str) -> float:
    plain = _plain(name)
    if plain.startswith(wanted) or any(word.startswith(wanted) for word in plain.split()):
        return 100.0 if plain == wanted else 95.0
    heard, sounds = skeleton(wanted), skeleton(name)
    by_ear = fuzz.ratio(heard, sounds) if len(heard) > 1 else 0.0
    if len(heard) > 2 and sounds.startswith(heard):
        by_ear = max(by_ear, 85.0)
    return max(by_ear * 0.97, fuzz.token_sort_ratio(romanised(wanted), romanised(name)) * 0.94)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return " ".join(composed(text).casefold().replace("-", " ").split())


@lru_cache(maxsize=20_000)
def romanised(text: str) -> str:
    """Bengali and Devanagari in Latin letters, as they are usually written; everything else as it is."""
    letters = [_devanagari(letter) for letter in _plain(text).replace("ৎ", "ত্")]
    out: list[str] = []
    for at, letter in enumerate(letters):
        after = letters[at + 1] if at + 1 < len(letters) else " "
        if letter in _CONSONANTS:
            sound = "r" if after == _NUKTA and letter in "डढ" else _CONSONANTS[letter]
            follows = letters[at + 2] if after == _NUKTA and at + 2 < len(letters) else after
            bare = follows in _SIGNS or follows == _VIRAMA or not (follows in _CONSONANTS or follows in _VOWELS)
            out.append(sound if bare else f"{sound}a")
        else:
            out.append(_VOWELS.get(letter) or _SIGNS.get(letter) or ("" if letter in (_NUKTA, _VIRAMA) else letter))
    return "".join(out)


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """The consonants that are heard, each sound written one way: Hooghly, Hugli and হুগলি are the same."""
    folded = romanised(text)
    for written, sound in _FOLDS:
        folded = folded.replace(written, sound)
    kept = "".join(re.findall(r"[a-zC0-9]", folded))
    heard = kept[:1] + re.sub(r"[aeiouh]", "", kept[1:])
    return re.sub(r"(.)\1+", r"\1", heard.lower())


def _devanagari(letter: str) -> str:
    if ord(letter) in _BENGALI:
        letter = chr(ord(letter) - _TO_DEVANAGARI)
    # Digits of both scripts, in the one that numbers of places are compared in.
    return str(ord(letter) - 0x0966) if 0x0966 <= ord(letter) <= 0x096F else letter
