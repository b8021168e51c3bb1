"""The words of a text as they sound, so that one word is found in three scripts and in most misspellings."""

import re

from models.base import composed
from models.place_search import romanised, skeleton

_WORD = re.compile(r"[^\W_](?:[\w\u200c\u200d]|[ऀ-ॿঀ-৿])*")  # vowel signs are no letters to `\w`
_VOWEL = re.compile(r"[aeiou]")
_CLASSES = str.maketrans("eoy", "iai")
_MOST = 300  # words of a text
# What grammar hangs on a word, the longest first: the card, of the card, to the card.
_ENDINGS = ("গুলির", "গুলোর", "গুলি", "গুলো", "টির", "টার", "দের", "ের", "কে", "তে", "টা", "টি", "ियों", "ियां", "ों", "ें")


def sounds_in(text: str) -> dict[str, str]:
    """Each different sound of the words of `text`, in their order, with the first word that has it.

    A word of a single consonant has no sound: "no", "I", "and" stand in every story.
    """
    words = _WORD.findall(composed(text).casefold())[:_MOST]
    heard: dict[str, str] = {}
    for word in words:
        if sound := _sound(word):
            heard.setdefault(sound, word)
    return heard


def _sound(word: str) -> str:
    heard = skeleton(word)
    if heard.isdecimal():
        return heard if len(heard) > 2 else ""
    ending = next((one for one in _ENDINGS if word.endswith(one)), "s" if word.endswith("s") else "")
    bare = skeleton(word.removesuffix(ending)) if ending else heard
    if len(bare) > 1:
        heard, word = bare, word.removesuffix(ending)
    if len(heard) != 2:
        return heard if len(heard) > 2 else ""
    # Two consonants alone are too many words at once: জল is not জেলা. How the first vowel sounds tells most of them.
    vowel = _VOWEL.search(romanised(word), 1)
    return heard + (vowel.group().translate(_CLASSES) if vowel else "")
