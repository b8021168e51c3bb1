"""The words of a text as they sound, so that one word is found in three scripts and in most misspellings."""

import re

from models.base import composed
from models.place_search import romanised, skeleton

# Vowel signs are no letters to `\w`; the danda that ends a sentence is no sign of a word.
_WORD = re.compile(r"[^\W_](?:[\w\u200c\u200d]|[\u0900-\u0963\u0966-\u097f]|[\u0980-\u09ff])*")
_VOWELS = re.compile(r"[aeiouy]")
_CLASSES = str.maketrans("eoy", "iai")
_MOST = 300  # words of a text
# What grammar hangs on a word, the longest first: the card, of the card, to the card.
_ENDINGS = ("গুলির", "গুলোর", "গুলি", "গুলো", "টির", "টার", "দের", "ের", "কে", "তে", "টা", "টি", "ियों", "ियां", "ों", "ें")


def words_in(text: str) -> list[str]:
    """The words of `text`, in their order."""
    return _WORD.findall(composed(text).casefold())[:_MOST]


def sounds_in(text: str) -> dict[str, str]:
    """Each different sound of the words of `text`, in their order, with the first word that has it.

    The shortest words have none: "no", "I", "and" stand in every story.
    """
    heard: dict[str, str] = {}
    for word in words_in(text):
        if sound := sound_of(word):
            heard.setdefault(sound, word)
    return heard


def sound_of(word: str) -> str:
    """The sound of one word; empty where it is too short to be looked for."""
    heard = skeleton(word)
    if heard.isdecimal():
        return heard if len(heard) > 2 else ""
    bare = word.removesuffix(_ending(word))
    if len(skeleton(bare)) > 1:
        heard, word = skeleton(bare), bare
    written = romanised(word)
    vowels = [vowel.translate(_CLASSES) for vowel in _VOWELS.findall(written[1:])]
    if len(heard) > 2:
        return heard
    if len(heard) == 2:
        # Two consonants alone are too many words at once: জল is not জেলা. How the first vowel sounds tells most of them.
        return heard + "".join(vowels[:1])
    # Roy, Rai, Dey: a consonant and its vowels.
    is_name = len(heard) == 1 and len(written) > 2 and heard not in "aeiou" and vowels
    return heard + "".join(dict.fromkeys(vowels)) if is_name else ""


def _ending(word: str) -> str:
    return next((one for one in _ENDINGS if word.endswith(one)), "s" if word.endswith("s") else "")
