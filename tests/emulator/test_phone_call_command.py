"""`helpline call`, as a shell runs it."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from ivr.emulator.call_command import call
from ivr.emulator.phone import Phone
from tests.emulator.line import Line, open_line


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with open_line(25.0) as opened:
        yield opened


def run(line: Line, *arguments: str) -> Result:
    return CliRunner().invoke(call, ["--emulator", line.url, "--texts", "0.5", *arguments])


def test_it_prints_the_dialogue(line: Line) -> None:
    done = run(line, "--from", "+919830012345", "--press", "1,5")
    assert done.output.splitlines() == [
        "+919830012345 calls +919137091370",
        "  line   rings",
        "  line   is answered",
        "  line   says (bn): নমস্কার। অভিযোগ হেল্পলাইন।",
        "  line   says (en): For English, press 2.",
        "  line   says (hi): हिन्दी के लिए 3 दबाएँ।",
        "  caller presses 1",
        "  line   says (bn): আমরা আপনাকে কীভাবে সাহায্য করতে পারি?",
        "  caller presses 5",
        "  line   says (en): You call from +919830012345.",
        "  line   the call is over",
    ]
    assert done.exit_code == 0


def test_it_speaks_where_the_line_records(line: Line) -> None:
    done = run(line, "--press", "2", "--speak", "2")
    assert "caller speaks for 2 s\n  line   says (en): Thank you." in done.output
    assert done.exit_code == 0


def test_it_hangs_up_where_nothing_is_wanted_of_it(line: Line) -> None:
    done = run(line, "--press", "3", "--stay", "1", "--withheld")
    assert "puts the caller in line" in done.output
    assert done.output.rstrip().endswith("caller hangs up\n  line   the call is over")
    assert done.exit_code == 0


def test_texts_are_printed(line: Line) -> None:
    number = "+919830012399"
    line.send_text(number, "An earlier one.")
    Phone(line.url, number).expects_text("earlier")
    line.send_text_later(0.5, number, "Your complaint is 26-482-173-059.")
    done = run(line, "--from", number, "--press", "5", "--texts", "3")
    assert "text   from HLPLIN: Your complaint is 26-482-173-059." in done.output
    assert "An earlier one" not in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--press", "5,1"), "These keys were left: 1."),
        (("--to", "+911"), "Nobody answers +911 here."),
        (("--from", "12"), "12 is no telephone number"),
        (("--press", "8"), "The line made a mistake"),
    ],
)
def test_a_failed_call_ends_with_one(line: Line, arguments: tuple[str, ...], said: str) -> None:
    done = run(line, *arguments)
    assert said in done.output
    assert done.exit_code == 1


def test_without_an_emulator_it_says_so() -> None:
    done = CliRunner().invoke(call, ["--emulator", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "Start it with `make run`" in done.output
