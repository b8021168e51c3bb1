"""Rule 3: the fields of every request about a call."""

from tests.emulator.rig import CALLER, LINE, Rig


def test_rule_03_a_call_rings_then_is_in_progress_then_completed(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>x</Say><Redirect>/next</Redirect></Response>")
    rig.on("/next", "<Response><Say>y</Say></Response>")
    sid = rig.dial()
    rig.advance(60)
    found = [rig.asked(path)[0].form["CallStatus"] for path in ("/voice", "/next", "/status")]
    assert found == ["ringing", "in-progress", "completed"]
    first = rig.asked("/voice")[0].form
    assert {name: first[name] for name in ("CallSid", "AccountSid", "ApiVersion", "Direction")} == {
        "CallSid": sid,
        "AccountSid": rig.settings.account_sid,
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    assert (first["From"], first["Caller"], first["To"], first["Called"]) == (CALLER, CALLER, LINE, LINE)
    assert (first["FromCountry"], first["CalledCountry"], first["FromCity"]) == ("IN", "IN", "")


def test_rule_03_a_withheld_number_is_a_word_and_has_no_country(rig: Rig) -> None:
    rig.dial(withheld=True)
    form = rig.asked("/voice")[0].form
    assert (form["From"], form["Caller"]) == ("anonymous", "anonymous")
    assert "FromCountry" not in form


def test_rule_03_any_other_caller_id_arrives_as_it_is(rig: Rig) -> None:
    rig.dial(caller_id="+266696687")
    rig.dial("+919830011111", caller_id="9830011111")
    assert [seen.form["From"] for seen in rig.asked("/voice")] == ["+266696687", "9830011111"]
