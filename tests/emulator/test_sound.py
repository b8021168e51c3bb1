import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.emulator.sound import CannotSpeak, Speaker

# Writes its language and what it was told into the file, and a mark for each run beside it.
PROGRAM = """
import sys
language, out = sys.argv[-3], sys.argv[-1]
text = sys.stdin.buffer.read().decode()
open({marks!r}, "a").write("x")
if language == "fr":
    sys.exit("There is no voice for 'fr'.")
open(out, "w", encoding="utf-8").write(language + ":" + text)
"""


def speak(command: list[str], *said: tuple[str, str]) -> list[str]:
    async def run() -> list[str]:
        speaker = Speaker(command)
        return [(await speaker.speak(text, language)).decode() for text, language in said]

    # In a thread of its own: a browser test in the same process leaves a running loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    return tmp_path / "marks"


@pytest.fixture
def program(marks: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM.format(marks=str(marks))]


def test_it_speaks_by_the_program_and_keeps_what_was_spoken(program: list[str], marks: Path) -> None:
    assert speak(program, ("নমস্কার", "bn-IN"), (" নমস্কার ", "bn"), ("hello", "en")) == [
        "bn:নমস্কার",
        "bn:নমস্কার",
        "en:hello",
    ]
    assert marks.read_text() == "xx"


def test_what_the_program_complains_of_is_told(program: list[str]) -> None:
    with pytest.raises(CannotSpeak, match="There is no voice for 'fr'"):
        speak(program, ("bonjour", "fr-FR"))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ([], "start the emulator with --speak-command"),
        (["/nowhere/speak"], "/nowhere/speak cannot be started"),
        ([sys.executable, "-c", ""], "wrote no file"),
    ],
)
def test_without_a_program_one_plain_line(command: list[str], why: str) -> None:
    with pytest.raises(CannotSpeak, match=why):
        speak(command, ("hello", "en"))
