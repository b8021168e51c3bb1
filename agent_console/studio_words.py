"""What the studio tells people, in the language of their screen: faults of takes, findings of the checker, headings."""

from collections.abc import Iterable

from agent_console.digits import in_digits
from agent_console.words import LANGUAGES, catalogue, say, screen_language
from audio.take import UnusableTake
from flows.finding import Finding
from flows.loading.catalogue import catalogue_file
from ivr.studio.script import ScriptPart
from ivr.studio.sheet import Group, Sheet


def take_fault(error: UnusableTake) -> str:
    """Why a recording is not taken, and the mend."""
    language = screen_language()
    numbers = {name: in_digits(f"{value:.1f}".removesuffix(".0"), language) for name, value in error.numbers.items()}
    return say(f"studio.fault.{error.fault}", **numbers) if numbers else say(f"studio.fault.{error.fault}")


def finding_words(finding: Finding) -> str:
    """What the checker has found; in English where nobody has put it into other words."""
    key = f"studio.finding.{finding.code}"
    if key in catalogue(screen_language()):
        return say(key)
    return say("studio.finding.other", told=finding.text)


def findings_by_language(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """The sentences for each language's field; those that belong to no language under an empty name."""
    files = {catalogue_file(language): language for language in LANGUAGES}
    told: dict[str, list[str]] = {}
    for finding in findings:
        sentences = told.setdefault(files.get(finding.place.file, ""), [])
        if (words := finding_words(finding)) not in sentences:
            sentences.append(words)
    return told


def group_title(sheet: Sheet, group: Group) -> str:
    """A heading that people know a step by: what it says first, in the language of the screen."""
    if not group.step:
        return say(f"studio.group.{group.kind}")
    step = sheet.working.flow.steps[group.step]
    prompt = getattr(step, "prompt", "") or group.rows[0].prompt
    language = screen_language()
    known = sheet.working.flow.catalogues.get(language)
    first = known.prompts.get(prompt) if known else None
    return first.source if first else group.step


def script_title(part: ScriptPart) -> str:
    """The heading of a part of the script: how its step begins, or what these words are."""
    return part.title or say(f"studio.group.{part.kind}")


def group_verb(kind: str) -> str:
    """What a step does, in a word."""
    return say(f"studio.verb.{kind}") if f"studio.verb.{kind}" in catalogue(screen_language()) else ""
