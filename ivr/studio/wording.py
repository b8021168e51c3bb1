"""Changing what a prompt says: checked before it is kept, and never over somebody's newer words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from audio.names import one_line
from flows.approvals import fingerprint
from flows.check import check_source
from flows.finding import Finding
from flows.source import Source
from ivr.accounting import account
from ivr.calendars import live_calendars
from ivr.lengths import clip_lengths
from ivr.pinned import FLOW, live_version
from ivr.publishing import ZONE
from ivr.studio.changes import Change, Key, Working, apply_changes, read_changes, read_working
from ivr.telephone import Telephone
from models.wording_change import WordingChange


@dataclass(frozen=True, slots=True)
class Words:
    """What a person wants a prompt to say in one language. `seen` is the fingerprint of the words they started from.

    Of a text message also the template that was approved, and the number of the approval.
    """

    said: str
    seen: str
    template: str | None = None
    template_id: str | None = None


class UnknownPrompt(LookupError):
    """The menus have no prompt of this name."""


class WordsRefused(ValueError):
    """The menus could not be published with these words. `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class ChangedMeanwhile(ValueError):
    """Somebody changed the same words after they were opened. `by` is who, by language; empty if a version did it."""

    def __init__(self, by: Mapping[str, str]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(by)}")
        self.by = by


def save_words(telephone: Telephone, prompt: str, wanted: Mapping[str, Words], *, by: str, actor: str) -> list[str]:
    """Keep new words until the next publishing. Returns the languages that changed.

    `by` is shown beside them, `actor` answers for them. Raises UnknownPrompt, ChangedMeanwhile, WordsRefused.
    """
    with telephone.store.read() as connection:
        working = read_working(telephone, connection)
    if prompt not in working.flow.catalogues[working.flow.written_in].prompts:
        raise UnknownPrompt(prompt)
    new = {language: words for language, words in wanted.items() if _is_other(working, prompt, language, words)}
    if not new:
        return []
    if overtaken := {
        language: _author(working, (prompt, language))
        for language, words in new.items()
        if words.seen != fingerprint(working.words(prompt, language))
    }:
        raise ChangedMeanwhile(overtaken)
    now = telephone.clock.now()
    changes = _changed(working, prompt, new, by, now)
    _check(telephone, working, changes)
    _keep(telephone, working, changes, [(prompt, language) for language in new], by, actor, now)
    return list(new)


def confirm_words(telephone: Telephone, prompt: str, language: str, *, seen: str, by: str, actor: str) -> None:
    """Note that a translation says what its source says now. `seen` is the fingerprint of that source.

    Raises UnknownPrompt, ChangedMeanwhile.
    """
    with telephone.store.read() as connection:
        working = read_working(telephone, connection)
    source = working.words(prompt, working.flow.written_in)
    if language not in working.flow.catalogues or not source or not working.words(prompt, language):
        raise UnknownPrompt(prompt)
    if seen != fingerprint(source):
        raise ChangedMeanwhile({working.flow.written_in: _author(working, (prompt, working.flow.written_in))})
    now = telephone.clock.now()
    blank = Change(prompt, language, None, None, None, None, 0, by, now)
    before = working.changes.get((prompt, language), blank)
    changes = {**working.changes, (prompt, language): replace(before, compared_with=seen)}
    _keep(telephone, working, changes, [(prompt, language)], by, actor, now)


def undo_changes(telephone: Telephone, prompt: str, *, actor: str) -> None:
    """Say again what the live version says, in every language."""
    now = telephone.clock.now()

    def undo(connection: Connection) -> None:
        mine = (WordingChange.flow == FLOW) & (WordingChange.prompt == prompt)
        if connection.execute(delete(WordingChange).where(mine)).rowcount:
            account(connection, actor, "wording_undone", f"{FLOW} {prompt}", now)

    telephone.store.write(undo)


def check_working(telephone: Telephone, source: Source) -> list[Finding]:
    """What the checker says of these files, today and with the calendars and sounds that there are."""
    with telephone.store.read() as connection:
        calendars = live_calendars(connection)
    today = telephone.clock.now().astimezone(ZONE).date()
    return check_source(FLOW, source, today=today, calendars=calendars, clip=clip_lengths(telephone.sounds))


def tidy(words: str) -> str:
    """Words as they are kept: one line, one blank between words, one form of Unicode."""
    return one_line(words)


def _is_other(working: Working, prompt: str, language: str, words: Words) -> bool:
    if words.said != working.words(prompt, language):
        return True
    flow = working.flow
    template = flow.approved.get(prompt, {}).get(language)
    number = flow.approved_under.get(prompt, {}).get(language, "")
    return words.template is not None and (words.template, words.template_id or "") != (template, number)


def _author(working: Working, key: Key) -> str:
    change = working.changes.get(key)
    return change.changed_by if change is not None else ""


def _changed(working: Working, prompt: str, new: Mapping[str, Words], by: str, now: datetime) -> dict[Key, Change]:
    """All changes that would wait. A translation that is written now was compared with the source of now."""
    written_in = working.flow.written_in
    source = new[written_in].said if written_in in new else working.words(prompt, written_in)
    changes = dict(working.changes)
    for language, words in new.items():
        compared = None if language == written_in else fingerprint(source)
        version = changes[prompt, language].version if (prompt, language) in changes else 0
        changes[prompt, language] = Change(
            prompt, language, words.said, compared, words.template, words.template_id, version, by, now
        )
    return changes


def _check(telephone: Telephone, working: Working, changes: Mapping[Key, Change]) -> None:
    """Raises WordsRefused for what was not wrong before."""
    before = {(finding.code, finding.text) for finding in check_working(telephone, working.source)}
    after = check_working(telephone, apply_changes(working.live_source, working.live, changes.values()))
    errors = (finding for finding in after if finding.severity == "error")
    if new := tuple(finding for finding in errors if (finding.code, finding.text) not in before):
        raise WordsRefused(new)


def _keep(
    telephone: Telephone,
    working: Working,
    changes: Mapping[Key, Change],
    keys: list[Key],
    by: str,
    actor: str,
    now: datetime,
) -> None:
    """Write the changes of `keys`, if all is still as it was checked."""

    def keep(connection: Connection) -> None:
        if live_version(connection, FLOW) != working.version_id:
            raise ChangedMeanwhile({language: "" for _, language in keys})
        stored = read_changes(connection)
        if overtaken := {
            language: stored[prompt, language].changed_by if (prompt, language) in stored else ""
            for prompt, language in keys
            if _version(stored, (prompt, language)) != _version(working.changes, (prompt, language))
        }:
            raise ChangedMeanwhile(overtaken)
        for key in keys:
            _write(connection, changes[key], by, now)
            account(connection, actor, "wording_changed", f"{FLOW} {key[0]} {key[1]}", now)

    telephone.store.write(keep)


def _version(changes: Mapping[Key, Change], key: Key) -> int:
    return changes[key].version if key in changes else 0


def _write(connection: Connection, change: Change, by: str, now: datetime) -> None:
    values: dict[str, Any] = {
        "words": change.words,
        "compared_with": change.compared_with,
        "template": change.template,
        "template_id": change.template_id,
        "version": change.version + 1,
        "changed_by": by,
        "changed_at": now,
    }
    row = {"flow": FLOW, "prompt": change.prompt, "language": change.language}
    if change.version == 0:
        connection.execute(insert(WordingChange).values(**row, **values))
        return
    mine = (WordingChange.flow == FLOW) & (WordingChange.prompt == change.prompt)
    connection.execute(update(WordingChange).where(mine, WordingChange.language == change.language).values(**values))
