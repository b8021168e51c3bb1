"""Junk of any kind gives findings, never a traceback."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.check import check_source
from flows.loader import BrokenFlow, load_flow
from flows.source import read_source

SOUND = read_source(Path(__file__).parent / "sound")
LINES = sorted({line for text in SOUND.values() for line in text.splitlines()})
WORDS = sorted({word for line in LINES for word in line.replace("{", " ").replace("}", " ").replace(",", " ").split()})
SIGNS = [
    "*",
    "&x",
    "!!int 1",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ":",
    "- ",
    "\t",
    "|",
    ">",
    "? ",
    "---",
    "...",
    "#",
    "%",
    "@",
]
ODD = [
    "\x00",
    "\ud800",
    "\ufffd",
    "\u200d",
    "\u2028",
    "\u0085",
    "\ufeff",
    "{}",
    "[]",
    "~",
    "null",
    "<<: *x",
    "1e9",
    "-1",
]
TODAY = date(2026, 11, 22)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    """The sound flow with some of its files changed in a few places."""
    source = dict(SOUND)
    for _ in range(draw(st.integers(1, 4))):
        file = draw(st.sampled_from(sorted(source)))
        source[file] = draw(mutation(source[file]))
        if draw(st.integers(0, 30)) == 0:
            del source[file]
            break
    return source


@st.composite
def mutation(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    column = draw(st.integers(0, len(line)))
    piece = draw(st.sampled_from([*SIGNS, *ODD, *WORDS]) | st.text(max_size=6))
    kind = draw(st.sampled_from(["insert", "replace", "delete", "double", "indent", "swap", "cut", "word"]))
    match kind:
        case "insert":
            lines[at] = line[:column] + piece + line[column:]
        case "replace":
            lines[at] = line[:column] + piece
        case "delete":
            del lines[at]
        case "double":
            lines.insert(at, line)
        case "indent":
            lines[at] = " " * draw(st.integers(0, 8)) + line.lstrip()
        case "swap":
            lines[at] = draw(st.sampled_from(LINES))
        case "cut":
            lines = lines[:at]
        case "word":
            words = line.split(" ")
            words[draw(st.integers(0, len(words) - 1))] = piece
            lines[at] = " ".join(words)
    return "\n".join(lines)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=mutated())
def test_mutated_files_never_raise(source: dict[str, str]) -> None:
    findings = check_source("helpline", source, today=TODAY, recordings=())
    assert all(finding.place.line >= 1 and finding.place.column >= 1 and finding.text for finding in findings)
    assert all(str(finding).isprintable() or "\n" not in str(finding) for finding in findings)
    with suppress(BrokenFlow):
        load_flow("helpline", source)


@settings(max_examples=60, deadline=None)
@given(file=st.sampled_from(sorted(SOUND)), text=st.text(max_size=60))
def test_any_text_in_place_of_a_file_never_raises(file: str, text: str) -> None:
    check_source("helpline", {**SOUND, file: text}, today=TODAY)


def test_what_checks_without_errors_loads() -> None:
    assert load_flow("helpline", SOUND).start == "greeting"


def test_deep_nesting_and_aliases_exhaust_nothing() -> None:
    deep = "a: " + "[" * 5_000 + "]" * 5_000
    laughs = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(50))
    for text in (deep, laughs, "- " * 3_000):
        assert check_source("helpline", {**SOUND, "helpline.yaml": text}, today=TODAY)
