"""`say`, `announcements` and `end`: steps that only speak."""

import re

from flows.course import Course, Next
from flows.flow import Announcements, End, Say
from flows.missing import Missing
from flows.values import Answered, AskAnnouncements, Event, Line, Words

_FACT = re.compile(r"\{([^{}]+)\}")


def enter_say(course: Course, step: Say) -> Next:
    course.say(step, *(fill_name(course, prompt) for prompt in step.prompts))
    return Next(step.then, "said")


def fill_name(course: Course, prompt: str) -> str:
    """A prompt's key with the facts in its braces: `status_{complaint.status}`."""

    def fill(match: re.Match[str]) -> str:
        value = course.known(match[1])
        if value is None:
            raise Missing(match[1])
        return value

    return _FACT.sub(fill, prompt)


def enter_announcements(course: Course, step: Announcements) -> None:
    course.ask_outside(AskAnnouncements(course.next_request(), step.board))


def hear_announcements(course: Course, step: Announcements, event: Event) -> Next:
    """Nothing posted, or the board out of reach: the caller goes on and misses nothing that is theirs."""
    lines = event.lines if isinstance(event, Answered) else ()
    course.speak(
        [Line(course.language, "announcement", (Words("announcement", words),)) for words in lines if words.strip()],
        interrupt=step.defaults.interrupt,
    )
    return Next(step.then, "announced")


def enter_end(course: Course, step: End) -> None:
    course.say(step, step.prompt)
    course.hang_up()
