"""How numbers, dates and references are shown. All filters and globals of the templates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, url_for
from markupsafe import Markup, escape

from agent_console.asset import address_of
from agent_console.digits import in_digits
from agent_console.guard import may_ask
from agent_console.studio_words import finding_words, group_verb, script_title
from agent_console.surroundings import me, now, telephone
from agent_console.words import LANGUAGES, catalogue, name_in, say, screen_language

INDIA = ZoneInfo("Asia/Kolkata")
STATE_ICONS = {
    "ready": "check",
    "offered": "phone",
    "talk": "phone",
    "wrap_up": "clock",
    "break": "pause",
    "missed": "phone-missed",
    "offline": "off",
}
BREAK_REASONS = ("tea", "meal", "training", "meeting", "machine", "other")
MESSAGE_ICONS = {"queued": "clock", "sending": "send", "sent": "send", "delivered": "check"}


def national(number: str | None) -> str:
    """The number as people of the country dial it; a foreign one keeps its plus sign."""
    if not number:
        return ""
    return number[3:] if number.startswith("+91") else number


def masked(number: str | None) -> str:
    """The number with its middle hidden: enough to recognise, not enough to dial."""
    digits = national(number)
    if not digits:
        return say("number.withheld")
    return f"{digits[:2]}{'•' * max(3, len(digits) - 5)}{digits[-3:]}"


def spaced(number: str | None) -> str:
    """The whole number in groups."""
    if not number:
        return say("number.withheld")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code == 91 and len(national(number)) == 10:
        return f"{national(number)[:5]} {national(number)[5:]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def grouped(reference: str) -> str:
    """An eleven-digit reference as it is written everywhere: 26-482-173-059."""
    return (
        "-".join((reference[:2], reference[2:5], reference[5:8], reference[8:])) if len(reference) == 11 else reference
    )


def aloud(reference: str, language: str) -> list[str]:
    """The groups of a reference, each as digit words of `language`, to be read to the caller."""
    spoken = language if language in LANGUAGES else screen_language()
    return [" ".join(say(f"digit.{digit}", spoken) for digit in group) for group in grouped(reference).split("-")]


def moment(when: datetime | None) -> str:
    """Day and hour in India."""
    if when is None:
        return "–"
    return count(format_datetime(when.astimezone(INDIA), "d MMM, HH:mm", locale=screen_language()))


def hour(when: datetime | None) -> str:
    return "–" if when is None else count(when.astimezone(INDIA).strftime("%H:%M"))


def day(when: date | datetime | None) -> str:
    """A day with its name: Fri 13 Mar."""
    if when is None:
        return "–"
    return day_in(screen_language(), when.astimezone(INDIA).date() if isinstance(when, datetime) else when)


def day_in(language: str, when: date) -> str:
    """A day with its name, for a reader of `language`."""
    return in_digits(format_date(when, "EEE d MMM y", locale=language), language)


def clock_time(seconds: float) -> str:
    whole = max(0, int(seconds))
    return count(f"{whole // 60}:{whole % 60:02d}")


def percent(ratio: float | None) -> str:
    """A ratio as a whole percentage; a dash where there is nothing to divide by."""
    return "–" if ratio is None else count(f"{ratio * 100:.0f}%")


def stretch(seconds: float | None) -> str:
    """Hours, minutes and seconds as the page's clocks write them; a dash where nothing was measured."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return count(f"{hours}{whole % 3600 // 60:02d}:{whole % 60:02d}")


def count(shown: object) -> str:
    """A count, a time or a date in the digits of the screen. Never a reference or a telephone number."""
    return in_digits(shown, screen_language())


def tenths(seconds: float) -> str:
    """Seconds with one decimal place, as readers of the screen's language write them."""
    return count(format_decimal(round(seconds, 1), format="0.0", locale=screen_language()))


def padded(number: int) -> str:
    """The number of a line as its file is named: 017. In Latin digits, because files are named so."""
    return f"{number:03d}"


def epoch(when: datetime | None) -> str:
    """Seconds since 1970, for the clocks that run in the page."""
    return "" if when is None else f"{when.astimezone(UTC).timestamp():.1f}"


def icon(name: str) -> Markup:
    """A drawing that stands beside words, hidden from those who listen."""
    sheet = escape(address_of("icons.svg"))
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        sheet, name
    )


def script_words() -> dict[str, str]:
    """The words that scripts need."""
    return {key: text for key, text in catalogue(screen_language()).items() if key.startswith("js.")}


def carries_voice() -> bool:
    """Whether calls have sound here: with Twilio always, with the local network where it has a door for voices."""
    config = telephone().config
    return config.emulator_url is None or config.local_voice_url is not None


def say_in(language: str, key: str, **blanks: object) -> str:
    """Words for the caller, in the caller's language."""
    return say(key, language if language in LANGUAGES else screen_language(), **blanks)


def add_filters(app: Flask) -> None:
    """Give the templates what they show things with."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=say,
        break_reasons=BREAK_REASONS,
        t_in=say_in,
        day_in=day_in,
        count_in=lambda language, shown: in_digits(shown, language),
        name_in=name_in,
        languages=LANGUAGES,
        screen_language=screen_language,
        script_words=script_words,
        carries_voice=carries_voice,
        asset=address_of,
        icon=icon,
        me=me,
        may_ask=may_ask,
        now=now,
        masked=masked,
        spaced=spaced,
        grouped=grouped,
        aloud=aloud,
        moment=moment,
        hour=hour,
        day=day,
        clock_time=clock_time,
        count=count,
        tenths=tenths,
        padded=padded,
        finding_words=finding_words,
        group_verb=group_verb,
        script_title=script_title,
        percent=percent,
        stretch=stretch,
        epoch=epoch,
        url_for=url_for,
        state_icon=lambda state: STATE_ICONS.get(state, "off"),
        message_icon=lambda status: MESSAGE_ICONS.get(status, "alert"),
    )
