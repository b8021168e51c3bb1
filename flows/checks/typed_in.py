"""W05: no key named by hand. W07: nothing typed into wording that is live data."""

import re
from collections.abc import Iterable, Iterator

from flows.flow import Prompt
from flows.loading.draft import Draft

_NUMBERS = {
    "en": "one|two|three|four|five|six|seven|eight|nine|zero|star|hash",
    "bn": "এক|দুই|তিন|চার|পাঁচ|ছয়|ছয়|সাত|আট|নয়|নয়|শূন্য|স্টার|হ্যাশ",
    "hi": "एक|दो|तीन|चार|पाँच|पांच|छह|छः|सात|आठ|नौ|शून्य|स्टार|हैश",
}
_DIGIT = "[0-9০-৯०-९]"
# The order of words differs: English names the key after the verb, Bengali and Hindi before it.
_BY_HAND = {
    "en": re.compile(rf"\b(press|dial key|key|button)\s+(the\s+)?({_DIGIT}|{_NUMBERS['en']})(?!\w)", re.IGNORECASE),
    "bn": re.compile(rf"(?<![^\s,;।\"'])({_DIGIT}|{_NUMBERS['bn']})\s+(নম্বর\s+)?(বোতাম\s+)?(টিপুন|চাপুন|টিপলে)"),
    "hi": re.compile(rf"(?<![^\s,;।\"'])({_DIGIT}|{_NUMBERS['hi']})\s+(नंबर\s+)?(बटन\s+)?(दबाएँ|दबाएं|दबाइए|दबाने)"),
}
_LONG_NUMBER = re.compile(rf"(?<!{_DIGIT})\+?{_DIGIT}(?:[ -]?{_DIGIT}){{6,}}")
_TIME = {
    "": re.compile(rf"{_DIGIT}{{1,2}}[:.]{_DIGIT}{{2}}(?!{_DIGIT})"),
    "en": re.compile(
        r"\b([0-9]{1,2}|" + _NUMBERS["en"] + r"|ten|eleven|twelve)\s*(am|pm|a\.m\.|p\.m\.|o'clock)(?!\w)", re.I
    ),
    "bn": re.compile(rf"{_DIGIT}{{1,2}}\s?(টা|টায়|টায়)"),
    "hi": re.compile(rf"{_DIGIT}{{1,2}}\s?बजे"),
}


def check_keys_by_hand(draft: Draft) -> None:
    """W05: if the key changes in the flow, the words would be wrong."""
    for language, prompt in _all_prompts(draft):
        pattern = _BY_HAND.get(language, _BY_HAND["en"])
        if any(pattern.search(text.words) for text in prompt.texts):
            sentence = f'"{prompt.key}" names a key by hand. If the key changes, the words will be wrong.'
            draft.report(prompt.at, "W05", f"{sentence} Use {{key}} or {{finish_key}}.")


def check_live_data(draft: Draft, holidays: Iterable[str]) -> None:
    """W07: hours, telephone numbers and holidays change without anybody thinking of the wording."""
    names = {f"holiday_{name}" for name in holidays}
    for language, prompt in _all_prompts(draft):
        words = " ".join(text.words for text in prompt.texts)
        if found := _LONG_NUMBER.search(words):
            _report(draft, prompt, f'the number "{found[0].strip()}"', "{caller.number|digits} or another fact")
        elif found := _TIME[""].search(words) or (_TIME[language].search(words) if language in _TIME else None):
            _report(draft, prompt, f'the time "{found[0].strip()}"', "{office.opens|time} or another fact")
        elif prompt.key not in names and (holiday := _find_holiday(draft, language, names, words)):
            _report(draft, prompt, f'the holiday "{holiday}"', "{office.holiday}")


def _report(draft: Draft, prompt: Prompt, what: str, instead: str) -> None:
    sentence = f'"{prompt.key}" has {what} typed into its words. When that changes, callers would hear the old one.'
    draft.report(prompt.at, "W07", f"{sentence} Use a blank such as {instead}.")


def _find_holiday(draft: Draft, language: str, keys: Iterable[str], words: str) -> str | None:
    prompts = draft.catalogues[language].prompts
    names = (prompts[key].source for key in sorted(keys) if key in prompts)
    return next((name for name in names if name and name in words), None)


def _all_prompts(draft: Draft) -> Iterator[tuple[str, Prompt]]:
    for language, catalogue in draft.catalogues.items():
        for prompt in catalogue.prompts.values():
            yield language, prompt
