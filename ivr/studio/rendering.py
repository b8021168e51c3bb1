"""The sound of new words before they go live: by the offline voice."""

from collections.abc import Iterable

from audio.render import render_missing
from ivr.publishing import wanted_sounds
from ivr.studio.changes import read_working
from ivr.studio.prompts import lines_of_prompts, pieces_of
from ivr.telephone import Telephone


def render_prompt(telephone: Telephone, prompt: str, languages: Iterable[str]) -> int:
    """Render what a prompt would say and nobody speaks yet; return how many clips. Raises CannotRender, ShelfAway."""
    with telephone.store.read() as connection:
        flow = read_working(telephone, connection).flow
    wanted = [
        (language, text)
        for language in languages
        if language in flow.catalogues
        for line in lines_of_prompts(flow, language).get(prompt, ())
        for text in pieces_of(line)
    ]
    sendable = set(wanted) & set(wanted_sounds(flow))  # a text message is never spoken
    return render_missing(telephone.sounds, sorted(sendable)) if sendable else 0
