"""Which sounds nobody names any more. A person's take is work: it goes only when there is a newer one of its words."""

from collections.abc import Iterable, Mapping

from audio.music import HOLD_MUSIC, RECORD_TONE
from audio.names import Source, offline_name, online_name, source_of, words_of_take

SOUNDS_WITHOUT_WORDS = frozenset({*HOLD_MUSIC, RECORD_TONE})


def unneeded(
    listed: Mapping[str, float], words: Iterable[tuple[str, str]], written_before: float, kept: Iterable[str] = ()
) -> list[str]:
    """The names in a listing that neither these (language, text) nor the telephone itself need.

    `kept` are takes that a version names, or that somebody has approved for the next. What was written since
    `written_before` (seconds since 1970) stays: a menu that is about to be published may be why.
    """
    needed = SOUNDS_WITHOUT_WORDS | {
        name for language, text in words for name in (offline_name(text, language), online_name(text, language))
    }
    needed |= _newest_takes(listed).union(kept)
    return sorted(name for name, at in listed.items() if at < written_before and name not in needed)


def _newest_takes(listed: Mapping[str, float]) -> set[str]:
    recorded = (name for name in listed if source_of(name) is Source.RECORDED)
    return set({words_of_take(name): name for name in sorted(recorded, key=lambda name: (listed[name], name))}.values())
