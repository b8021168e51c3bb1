"""`prompts.lock`: against which source text each translation was approved, so that stale wording is seen.

One line a translation: `KEY LANGUAGE FINGERPRINT`, sorted. It is written by `helpline flows approve`.
"""

import hashlib
from collections.abc import Iterable, Mapping

from flows.flow import Catalogue

FILE = "prompts.lock"
_LENGTH = 16  # hexadecimal digits; enough that two wordings of one prompt never meet

Approvals = Mapping[tuple[str, str], str]
"""(key, language) -> fingerprint of the words in the language that the flow is written in."""


def fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", errors="surrogatepass")).hexdigest()[:_LENGTH]


def read_approvals(text: str) -> Approvals:
    """What the lock file says. A line that is none of its kind approves nothing."""
    parts = (line.split() for line in text.splitlines())
    return {(part[0], part[1]): part[2] for part in parts if len(part) == 3 and not part[0].startswith("#")}


def write_approvals(approvals: Approvals) -> str:
    heading = "# Which source text each translation was approved against. Written by: helpline flows approve\n"
    return heading + "".join(f"{key} {language} {mark}\n" for (key, language), mark in sorted(approvals.items()))


def approve(
    before: Approvals, catalogues: Mapping[str, Catalogue], written_in: str, keys: Iterable[str] = ()
) -> Approvals:
    """The approvals once the translations of `keys` (of all, if none is named) have been compared with their source."""
    source = catalogues[written_in].prompts
    wanted = set(keys) or set(source)
    after = {pair: mark for pair, mark in before.items() if pair[0] in source}
    for language, catalogue in catalogues.items():
        if language != written_in:
            both = wanted & set(source) & set(catalogue.prompts)
            after |= {(key, language): fingerprint(source[key].source) for key in both}
    return after
