"""The account itself."""

from aiohttp import web

from ivr.emulator.names import rfc2822
from ivr.emulator.wire import answer_json, exchange_of


async def fetch_account(request: web.Request) -> web.Response:
    """GET Accounts/{sid}.json."""
    ex = exchange_of(request)
    sid = ex.settings.account_sid
    began = rfc2822(ex.began_at)
    parts = ("applications", "calls", "conferences", "messages", "notifications", "queues", "recordings")
    return answer_json(
        {
            "sid": sid,
            "auth_token": None,
            "friendly_name": "Emulator",
            "owner_account_sid": sid,
            "status": "active",
            "type": "Full",
            "date_created": began,
            "date_updated": began,
            "uri": f"/2010-04-01/Accounts/{sid}.json",
            "subresource_uris": {part: f"/2010-04-01/Accounts/{sid}/{part.title()}.json" for part in parts},
        }
    )


ROUTES = [
    web.get("/2010-04-01/Accounts/{account}.json", fetch_account),
]
