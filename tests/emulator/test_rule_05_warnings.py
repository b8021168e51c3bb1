"""Rule 5: what is not in the grammar is left out with a warning."""

import pytest

from ivr.emulator.grammar import ELEMENTS
from tests.emulator.rig import Rig
from tests.twiml_grammar import read_grammar


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Say volume='9'>heard</Say></Response>",
        "<Response><say>lost</say><Say>heard</Say></Response>",
        "<Response><Conference>x</Conference><Say>heard</Say></Response>",
        "<Response><Gather><Hangup/><Say>heard</Say></Gather></Response>",
        "<Response><Leave/><Say>heard</Say></Response>",
    ],
)
def test_rule_05_it_is_a_warning_and_the_call_goes_on(rig: Rig, document: str) -> None:
    rig.on("/voice", document)
    sid = rig.dial()
    assert rig.said(sid) == ["heard"]
    assert rig.alerts("warning") == [12200]
    assert rig.alerts("error") == []


def test_rule_05_the_emulators_grammar_is_twilios() -> None:
    """What the emulator plays is a part of what Twilio has published, and for those elements all of it."""
    published = read_grammar()
    for name, element in ELEMENTS.items():
        if name in ("Response", "Parameter", "Identity", "Task"):
            continue
        parent = "VoiceResponse" if name in published.children["VoiceResponse"] and name != "Queue" else "Dial"
        theirs = published.children[parent][name]
        assert element.attributes <= set(theirs.attributes), name
        if name not in ("Number", "Dial"):  # of these some rare attributes are not played
            assert element.attributes == set(theirs.attributes), name
        assert element.children <= set(published.children[theirs.kind]) | {"say-as"}, name
