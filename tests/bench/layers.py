"""What each layer of a turn costs, in this process and without a server: microseconds, the median of many."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.store import SoundStore
from flows.advance import advance
from flows.compose import compose_line
from flows.flow import Flow
from flows.loader import load_flow, read_source
from flows.state_json import from_json, to_json
from flows.values import Action, Arrived, HangUp, Keyed, Speak, State
from ivr.addresses import Addresses
from ivr.form import parse_form
from ivr.joined import Sealer
from ivr.known_sounds import KnownSounds
from ivr.publishing import wanted_sounds
from ivr.signature import SignatureCheck
from ivr.twiml import Place, document
from tests.bench.load import Line, form_of, request_bytes

FLOWS = Path(__file__).parent.parent.parent / "flows"
_ROUNDS = 2000


def microseconds(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Median time of one call of `work`."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def layers() -> dict[str, float]:
    """Signature, form, flow step, state as JSON, TwiML."""
    line = Line("http://127.0.0.1:8000", "t" * 32, "AC" + "0" * 32, "+919137091370")
    sid = "CA" + "1" * 32
    path = f"/voice/calls/{sid}/turns/2"
    request = request_bytes(line, path, form_of(line, sid, "+919830012345", "9"))
    head, _, body = request.partition(b"\r\n\r\n")
    signature = next(
        row.partition(b": ")[2].decode() for row in head.split(b"\r\n") if row.startswith(b"X-Twilio-Signature")
    )
    check = SignatureCheck(line.token, line.public_url)
    pairs = parse_form(body)
    assert check.agrees(path, pairs, signature)
    flow = load_flow("helpline", read_source(FLOWS))
    state = _in_main_menu(flow)
    event = Keyed(state.turn, 2.0, "9")
    after, actions = advance(flow, state, event)
    addresses = Addresses(line.public_url)
    with TemporaryDirectory() as folder:
        place = Place(addresses, sid, after.turn, _all_rendered(SoundStore(Path(folder)), flow, addresses))
        reference = compose_line(flow, "bn", "your_reference_is", {"reference": "26482173059"}.get)
        sentence: list[Action] = [Speak((reference,), True), HangUp()]
        document(actions, place), document(sentence, place)
    stored = to_json(state)
    return {
        "form": microseconds(lambda: parse_form(body)),
        "signature": microseconds(lambda: check.agrees(path, pairs, signature)),
        "flow step": microseconds(lambda: advance(flow, state, event)),
        "state to and from JSON": microseconds(lambda: (to_json(after), from_json(stored))),
        "TwiML": microseconds(lambda: document(actions, place)),
        "TwiML of a reference told twice": microseconds(lambda: document(sentence, place)),
    }


def _all_rendered(store: SoundStore, flow: Flow, addresses: Addresses) -> KnownSounds:
    """As if everything had its sound: what a turn needs of a clip is its name."""
    for language, text in set(wanted_sounds(flow)):
        store.put(store.name_of(text, language), b"RIFF")
    return KnownSounds(store, addresses, Sealer("secret"))


def _in_main_menu(flow: Flow) -> State:
    state, _ = advance(flow, None, Arrived(1.0, "+919830012345", "mobile"))
    state, actions = advance(flow, state, Keyed(state.turn, 1.5, "1"))
    while state.expects == "answer":
        from flows.values import Answered

        state, actions = advance(flow, state, Answered(state.turn, 1.5, state.request, "told"))
    assert state.step == "main_menu", (state.step, actions)
    return state


def growth_of_steps(sizes: tuple[int, ...] = (10, 10_000)) -> dict[int, float]:
    """Microseconds of a step by the number of steps that the flow has."""
    return {size: _step_in_flow_of(size) for size in sizes}


def _step_in_flow_of(size: int) -> float:
    menus = "\n".join(
        f"  menu_{n}:\n    menu: words\n    choices:\n      1: {{say: words, go: menu_{(n + 1) % size}}}\n"
        f"      2: {{say: words, go: bye}}"
        for n in range(size)
    )
    source = {
        "big.yaml": (
            "flow: big\nformat: 1\ntitle: big\nlanguages: [en]\nwritten_in: en\nstart: menu_0\nhome: menu_0\n"
            f"person: bye\nsteps:\n{menus}\n  bye:\n    end: words\n"
        ),
        "prompts/en.yaml": 'language: en\nlocale: en-IN\nkey_line: "{say}, press {key}."\nprompts:\n  words: Words\n',
    }
    flow = load_flow("big", source)
    state, _ = advance(flow, None, Arrived(1.0, None, "withheld"))
    event = Keyed(state.turn, 2.0, "1")
    return microseconds(lambda: advance(flow, state, event))
