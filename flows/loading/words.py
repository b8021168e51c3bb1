"""The text of a prompt, cut into words and blanks such as `{queue.place|number}`."""

import re

from flows.flow import Text
from flows.loading.draft import Draft
from flows.loading.grammar import KINDS_SPOKEN
from flows.nodes import Scalar

_PARTS = re.compile(r"\{([^{}|]*)(?:\|([^{}|]*))?\}|([^{}]+)|([{}])")


def read_words(draft: Draft, scalar: Scalar, key: str) -> tuple[Text, ...]:
    """The pieces of a prompt. Reports blanks of unknown type, and braces that do not match (E12; no pieces then)."""
    texts = []
    is_sound = True
    for name, kind, words, brace in _PARTS.findall(scalar.text):
        if words:
            texts.append(Text(words=words))
        elif brace:
            other = "}" if brace == "{" else "{"
            sentence = f'"{key}" has a "{brace}" without its "{other}". A blank is written like {{queue.place|number}}.'
            draft.report(scalar.at, "E12", sentence)
            is_sound = False
        else:
            texts.append(_read_blank(draft, scalar, key, name.strip(), kind.strip()))
    return tuple(texts) if is_sound else ()


def _read_blank(draft: Draft, scalar: Scalar, key: str, name: str, kind: str) -> Text:
    if not name:
        sentence = f'"{key}" has a blank with no name in it. Write it like {{queue.place|number}}.'
        draft.report(scalar.at, "E12", sentence)
    if kind and kind not in KINDS_SPOKEN:
        hint = draft.suggest(kind, KINDS_SPOKEN) or f" It can be: {', '.join(KINDS_SPOKEN)}."
        sentence = f'"{key}" has {{{name}|{kind}}}, but we do not know how to say "{kind}".{hint}'
        draft.report(scalar.at, "E12", sentence)
    return Text(blank=name, kind=kind)
