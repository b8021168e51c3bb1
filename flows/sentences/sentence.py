"""One sentence in the language of its reader, and whole numbers as that language writes them."""

from flows.sentences import bengali, english, hindi

_SENTENCES = {"bn": bengali.SENTENCES, "en": english.SENTENCES, "hi": hindi.SENTENCES}
_BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_GROUP, _THOUSANDS = 2, 3


def sentence(language: str, what: str, **blanks: str) -> str:
    """The sentence named `what`; a language that is not here reads English."""
    return _SENTENCES.get(language, english.SENTENCES)[what].format(**blanks)


def write_count(language: str, count: float) -> str:
    """A whole number in groups as India writes them: 4,812 and 1,04,812; in Bengali with Bengali digits."""
    digits = str(round(count))
    head, tail = digits[:-_THOUSANDS], digits[-_THOUSANDS:]
    groups = [head[max(0, end - _GROUP) : end] for end in range(len(head), 0, -_GROUP)]
    grouped = ",".join([*reversed(groups), tail])
    return grouped.translate(_BENGALI) if language == "bn" else grouped
