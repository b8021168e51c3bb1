"""One thing that is different between two versions of a flow, as a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from flows.sentences import bengali, english, hindi
from flows.sentences.sentence import sentence

Kind = Literal["wording", "routing", "hours", "queues"]
KINDS: tuple[Kind, ...] = ("routing", "hours", "queues", "wording")
_WEEKDAYS = {"bn": bengali.WEEKDAYS, "en": english.WEEKDAYS, "hi": hindi.WEEKDAYS}


@dataclass(frozen=True, slots=True)
class Change:
    """`what` names the sentence: `key_new`, `way_changed` ... An empty `before` or `after` was, or is, not there.

    `name` is what of the step: a key, a way out, a setting, a prompt; or a calendar or queue. `detail` is a language,
    a date, a setting of a queue, or a day of the week, counted from Monday, 0.
    """

    kind: Kind
    step: str
    name: str
    what: str
    before: str
    after: str
    detail: str = ""

    def tell(self, language: str) -> str:
        """One sentence in `language`; in English for one that is not known."""
        detail = self.detail
        if self.what.startswith("hours_") and detail.isdigit():
            detail = _WEEKDAYS.get(language, english.WEEKDAYS)[int(detail)]
        never = sentence(language, "never")
        return sentence(
            language,
            self.what,
            step=self.step,
            name=self.name,
            before=self.before or never,
            after=self.after or never,
            detail=detail,
        )


def compare_named(
    about: Change, before: Mapping[str, str], after: Mapping[str, str], *, names_detail: bool = False
) -> Iterator[Change]:
    """What is new, gone or changed among named values. `about.what` is the beginning of the sentence's name."""
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name, ""), after.get(name, "")
        if was == now:
            continue
        ending = "changed" if was and now else "new" if now else "gone"
        told = replace(about, what=f"{about.what}_{ending}", before=was, after=now)
        yield replace(told, detail=name) if names_detail else replace(told, name=name)
