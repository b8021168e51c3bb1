"""Rule 1: identifiers, times, paging, statuses and errors of the REST API."""

import re

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.emulator.rig import CALLER, LINE, Rig


def test_rule_01_sids_are_two_letters_and_32_hexadecimal_digits(rig: Rig) -> None:
    rig.on("/voice", "<Response><Enqueue waitUrl=''>a</Enqueue></Response>")
    sid = rig.dial()
    message = rig.client.messages.create(to=CALLER, from_="HLPLIN", body="x")
    queue = rig.client.queues.list()[0]
    for prefix, found in (("CA", sid), ("SM", message.sid), ("QU", queue.sid)):
        assert re.fullmatch(prefix + "[0-9a-f]{32}", found)
    assert rig.client.incoming_phone_numbers.list()[0].sid.startswith("PN")
    assert rig.client.applications.list()[0].sid.startswith("AP")


def test_rule_01_dates_are_rfc_2822_and_durations_are_strings(rig: Rig) -> None:
    rig.on("/voice", "<Response><Pause length='7'/><Say>x</Say></Response>")
    sid = rig.dial()
    rig.advance(10)
    shown = rig.http.get(
        f"/2010-04-01/Accounts/{rig.settings.account_sid}/Calls/{sid}.json",
        auth=(rig.settings.account_sid, rig.settings.auth_token),
    ).json()
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", shown["start_time"])
    assert isinstance(shown["duration"], str)
    assert rig.client.calls(sid).fetch().status == "completed"


def test_rule_01_create_is_201_and_delete_is_204(rig: Rig) -> None:
    account = f"/2010-04-01/Accounts/{rig.settings.account_sid}"
    auth = (rig.settings.account_sid, rig.settings.auth_token)
    made = rig.http.post(f"{account}/Queues.json", data={"FriendlyName": "a"}, auth=auth)
    assert made.status_code == 201
    gone = rig.http.delete(f"{account}/Queues/{made.json()['sid']}.json", auth=auth)
    assert (gone.status_code, gone.content) == (204, b"")


def test_rule_01_lists_come_in_pages_with_relative_addresses(rig: Rig) -> None:
    for n in range(5):
        rig.client.queues.create(friendly_name=f"queue {n}")
    assert [queue.friendly_name for queue in rig.client.queues.list(page_size=2)] == [f"queue {n}" for n in range(5)]
    page = rig.client.queues.page(page_size=2)
    following = page.next_page()
    assert following is not None
    assert [queue.friendly_name for queue in following] == ["queue 2", "queue 3"]
    path = f"/2010-04-01/Accounts/{rig.settings.account_sid}/Queues.json?PageSize=2"
    shown = rig.http.get(path, auth=(rig.settings.account_sid, rig.settings.auth_token)).json()
    assert shown["next_page_uri"].startswith("/2010-04-01/")
    assert (shown["start"], shown["end"], shown["page_size"], shown["previous_page_uri"]) == (0, 1, 2, None)


def test_rule_01_a_wrong_password_is_401_20003(rig: Rig) -> None:
    client = Client(rig.settings.account_sid, "wrong", http_client=rig.client.http_client)
    client.api.base_url = rig.url
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_rule_01_an_api_key_opens_the_account_too(rig: Rig) -> None:
    settings = rig.settings
    client = Client(settings.api_key, settings.api_secret, settings.account_sid, http_client=rig.client.http_client)
    client.api.base_url = rig.url
    assert client.calls.list() == []


def test_rule_01_what_is_not_there_is_404_20404(rig: Rig) -> None:
    for ask in (
        rig.client.calls("CA" + "0" * 32).fetch,
        rig.client.messages("SM" + "0" * 32).fetch,
        rig.client.conferences("CF" + "0" * 32).fetch,
        rig.client.queues("QU" + "0" * 32).fetch,
        rig.client.recordings("RE" + "0" * 32).fetch,
        rig.client.queues("QU" + "0" * 32).members("Front").fetch,
    ):
        with pytest.raises(TwilioRestException) as refused:
            ask()
        assert (refused.value.status, refused.value.code) == (404, 20404)


def test_rule_01_errors_may_come_in_the_newer_form_that_is_another_exception(rig: Rig) -> None:
    rig.fault(rest_errors=1.0, rest_status=503, rest_problem_json=True)
    client = Client(rig.settings.account_sid, rig.settings.auth_token)
    client.api.base_url = rig.url
    with pytest.raises(TwilioException) as refused:
        client.calls.create(to=CALLER, from_=LINE, url="http://127.0.0.1/x")
    assert not isinstance(refused.value, TwilioRestException)


def test_rule_01_numbers_and_apps_say_where_their_calls_are_answered(rig: Rig) -> None:
    number = rig.client.incoming_phone_numbers.list(phone_number=LINE)[0]
    assert number.voice_url == rig.application.url + "/voice"
    changed = rig.client.incoming_phone_numbers(number.sid).update(voice_url=rig.application.url + "/elsewhere")
    assert changed.voice_url == rig.application.url + "/elsewhere"
    app = rig.client.applications(rig.settings.app_sid).fetch()
    assert app.voice_url == rig.application.url + "/app"
    assert rig.client.api.accounts(rig.settings.account_sid).fetch().status == "active"
