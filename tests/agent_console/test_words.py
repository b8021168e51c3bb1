import re
from collections import Counter
from pathlib import Path

import pytest

import agent_console
from agent_console.words import LANGUAGES, catalogue, name_in, say

ROOM = Path(agent_console.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_exists_in_every_language(language: str) -> None:
    assert catalogue(language).keys() == catalogue("en").keys()


@pytest.mark.parametrize("language", OTHERS)
def test_the_blanks_are_the_same_in_every_language(language: str) -> None:
    differing = [key for key, text in catalogue("en").items() if blanks(text) != blanks(catalogue(language)[key])]
    assert differing == []


@pytest.mark.parametrize(("language", "script"), [("bn", r"[ঀ-৿]"), ("hi", r"[ऀ-ॿ]")])
def test_words_are_written_in_their_own_script(language: str, script: str) -> None:
    same_everywhere = {
        "help.key.f2",
        "help.key.f4",
        "help.key.f8",
        "help.key.shift_f8",
        "help.key.f9",
        "help.key.shift_f9",
        "help.key.alt_l",
        "help.key.shift_f2",
        "help.key.ctrl_enter",
        "help.key.slash",
    }
    same_everywhere |= {"help.key.question", "help.key.escape"}
    foreign = {key for key, text in catalogue(language).items() if not re.search(script, text)}
    assert foreign == same_everywhere


def used() -> set[str]:
    sources = [*ROOM.glob("templates/**/*.html"), *ROOM.glob("*.py"), *ROOM.glob("static/*.js")]
    pattern = re.compile(r"""\b(?:t|say)\(f?["']([a-z_0-9.]+)["']\s*([,)])""")
    in_caller = re.compile(r"""t_in\([\w.]+, '([a-z_0-9.]+)'([,)])""")
    texts = [source.read_text(encoding="utf-8") for source in sources]
    return {match[1] for text in texts for match in [*pattern.finditer(text), *in_caller.finditer(text)]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_twice_in_a_file(language: str) -> None:
    lines = (ROOM / "words" / f"{language}.yaml").read_text("utf-8").splitlines()
    keys = Counter(line.partition(":")[0] for line in lines if re.match(r"[a-z]", line))
    assert [key for key, times in keys.items() if times > 1] == []
    assert keys.keys() == catalogue(language).keys()


def test_every_word_that_a_screen_uses_exists() -> None:
    assert used() - set(catalogue("en")) == set()


def test_no_word_is_kept_that_nobody_says() -> None:
    sources = [*ROOM.glob("templates/**/*.html"), *ROOM.glob("*.py"), *ROOM.glob("static/*.js")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    assert [key for key in catalogue("en") if not any(said in text for said in [key, *families(key)])] == []


def families(key: str) -> list[str]:
    """`told.wants.status` belongs to the families `told.wants.` and `told.`, whose ends are put in by a screen."""
    parts = key.split(".")
    return [f"{'.'.join(parts[:length])}.{{" for length in range(1, len(parts))] + [
        f"'{'.'.join(parts[:length])}.'" for length in range(1, len(parts))
    ]


def test_a_name_without_this_language_is_said_in_english() -> None:
    assert name_in({"en": "Food", "bn": "খাদ্য"}, "hi") == "Food"
    assert name_in({"bn": "খাদ্য"}, "hi") == "খাদ্য"
    assert name_in({}, "hi") == ""


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no.such.word", "en")
