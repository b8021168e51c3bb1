"""The sound of a menu, made ahead of its calls: by the offline voice, then by the online one where that is in use."""

from collections.abc import Callable
from contextlib import closing

import click
from click._termui_impl import ProgressBar

from audio.online import OnlineVoice
from audio.render import Progress, render_missing, render_online, silent_words, words_for_online
from audio.shelf import ShelfAway
from audio.synthesizer import CannotRender
from flows.flow import Flow
from ivr.publishing import wanted_sounds
from ivr.telephone import Telephone


def render_flow(telephone: Telephone, flow: Flow, *, online: bool = True) -> int:
    """Render what the flow may say and nobody speaks yet, with a progress bar; return how many clips.

    May be broken off and started again. Not `online`: the online voice, which is slow, is left for another time.
    Raises CannotRender, ShelfAway.
    """
    store, wanted = telephone.sounds, sorted(set(wanted_sounds(flow)))
    store.refresh()
    count = _with_bar(
        "Rendering prompts",
        len(silent_words(store, wanted)),
        lambda progress: render_missing(store, wanted, progress=progress),
    )
    if not (store.online and online):
        return count
    with closing(OnlineVoice(telephone.config.speech_online_url)) as voice:
        return count + _with_bar(
            "Asking the online voice",
            len(words_for_online(store, wanted)),
            lambda progress: render_online(store, wanted, voice, progress=progress),
        )


def _with_bar(label: str, length: int, render: Callable[[Progress], int]) -> int:
    bar: ProgressBar[int]
    with click.progressbar(length=length, label=label, show_pos=True) as bar:
        return render(lambda done, _total: bar.update(done - bar.pos))


def try_to_render(telephone: Telephone, flow: Flow, *, online: bool = True) -> None:
    """`render_flow`; what cannot be rendered is said at the shell, and the telephone network's own voice speaks it."""
    try:
        render_flow(telephone, flow, online=online)
    except (CannotRender, ShelfAway) as error:
        click.echo(f"{error} The telephone network's own voice will speak instead.", err=True)
