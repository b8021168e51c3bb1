"""The words of texts to citizens, from the published menu: a text that is not, byte for byte, approved is dropped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import structlog

from flows.flow import Flow
from flows.loader import load_flow, read_source
from flows.missing import Missing
from flows.texts import CODE, REGISTERED, REPORTED_WITH_LINK, compose_text, is_approved
from ivr.pinned import FLOW, NoFlow
from ivr.publishing import SHIPPED
from ivr.telephone import Telephone

__all__ = ["CODE", "REGISTERED", "REPORTED_WITH_LINK", "TextWords", "approved_texts", "words_in_force"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words that are in force: those of the live version, behind it those that came with the program."""

    live: Flow | None
    citizen_url: str | None = None  # what links begin with

    def has_link(self, language: str) -> bool:
        """Whether the text that asks if it is solved may carry a link: there is a page, and approved words for it."""
        return self.citizen_url is not None and is_approved(self.live or _shipped(), REPORTED_WITH_LINK, language)

    def compose(self, prompt: str, language: str, facts: Mapping[str, str]) -> str:
        """A text in a language, or in the one that the menu is written in if it does not speak that."""
        if self.live is not None:
            try:
                return compose_text(self.live, prompt, language, facts)
            except Missing:
                # An older version was rolled back to. A text that may be dropped is better than none for certain.
                log.warning("text_without_wording", prompt=prompt)
        return compose_text(_shipped(), prompt, language, facts)


def words_in_force(telephone: Telephone) -> TextWords:
    """What texts say from now on. Ask before a write begins: the first time, a version is compiled here."""
    with telephone.store.read() as connection:
        try:
            return TextWords(telephone.flows.live(connection, FLOW).flow, telephone.config.citizen_url)
        except NoFlow:
            return TextWords(None, telephone.config.citizen_url)


def approved_texts(flow: Flow) -> Iterator[str]:
    """Every approved template, its blanks written {#var#}."""
    for texts in flow.approved.values():
        yield from texts.values()


@cache
def _shipped() -> Flow:
    return load_flow(FLOW, read_source(SHIPPED))
