"""The debugger's list, in both of the forms that Twilio gives it."""

from typing import Any

from aiohttp import web

from ivr.emulator.alerts import Alert
from ivr.emulator.exchange import Exchange
from ivr.emulator.names import rfc2822
from ivr.emulator.rest.paging import answer_page
from ivr.emulator.wire import answer_json, exchange_of

_ACCOUNT = "/2010-04-01/Accounts/{account}"


async def list_notifications(request: web.Request) -> web.Response:
    """GET Notifications.json, newest first: the account's debugger, or one call's."""
    ex, call = exchange_of(request), request.match_info.get("call")
    found_alerts = [each for each in reversed(ex.alerts.all) if call in (None, each.subject_sid)]
    return answer_page(request, "notifications", [_notification(ex, each) for each in found_alerts])


def _notification(ex: Exchange, alert: Alert) -> dict[str, Any]:
    account = ex.settings.account_sid
    at = rfc2822(alert.at)
    return {
        "sid": alert.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "call_sid": alert.subject_sid if alert.subject_sid.startswith("CA") else None,
        "date_created": at,
        "date_updated": at,
        "message_date": at,
        "error_code": str(alert.code),
        "log": "1" if alert.level == "warning" else "0",
        "message_text": alert.text,
        "more_info": f"https://www.twilio.com/docs/errors/{alert.code}",
        "request_method": alert.method,
        "request_url": alert.url,
        "uri": f"/2010-04-01/Accounts/{account}/Notifications/{alert.sid}.json",
    }


async def list_monitor_alerts(request: web.Request) -> web.Response:
    """GET /v1/Alerts: the same list as Twilio's monitor gives it."""
    ex, level = exchange_of(request), request.query.get("LogLevel", "")
    rows = [_monitor_alert(ex, each) for each in reversed(ex.alerts.all) if level in ("", each.level)]
    meta = {
        "key": "alerts",
        "page": 0,
        "page_size": max(50, len(rows)),
        "first_page_url": f"{ex.url}/v1/Alerts?PageSize=50&Page=0",
        "previous_page_url": None,
        "next_page_url": None,
        "url": f"{ex.url}/v1/Alerts?PageSize=50&Page=0",
    }
    return answer_json({"alerts": rows, "meta": meta})


def _monitor_alert(ex: Exchange, alert: Alert) -> dict[str, Any]:
    at = alert.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "sid": alert.sid,
        "account_sid": ex.settings.account_sid,
        "alert_text": alert.text,
        "api_version": "2010-04-01",
        "date_created": at,
        "date_generated": at,
        "date_updated": at,
        "error_code": str(alert.code),
        "log_level": alert.level,
        "more_info": f"https://www.twilio.com/docs/errors/{alert.code}",
        "request_method": alert.method,
        "request_url": alert.url or None,
        "resource_sid": alert.subject_sid,
        "service_sid": None,
        "url": f"{ex.url}/v1/Alerts/{alert.sid}",
    }


ROUTES = [
    web.get(f"{_ACCOUNT}/Notifications.json", list_notifications),
    web.get(_ACCOUNT + "/Calls/{call}/Notifications.json", list_notifications),
    web.get("/v1/Alerts", list_monitor_alerts),
]
