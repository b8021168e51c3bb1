"""English numbers from 0 to 100."""

_ONES_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS_TEXT = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)

_ONES = tuple(_ONES_TEXT.split())
_FIRST_TO_NINETEENTH = tuple(_ORDINALS_TEXT.split())

WORDS: tuple[str, ...] = (
    *_ONES,
    *(f"{tens}-{_ONES[ones]}" if ones else tens for tens in _TENS_TEXT.split() for ones in range(10)),
    "one hundred",
)

ORDINALS: tuple[str, ...] = (
    *_FIRST_TO_NINETEENTH,
    "twentieth",
    *(f"twenty-{ones}" for ones in _FIRST_TO_NINETEENTH[:9]),
    "thirtieth",
    "thirty-first",
)
"""First to thirty-first, for the days of a month."""
