"""Who hears whom in the conferences that go on: what no REST interface tells, for tests and for people who try."""

from aiohttp import web

from ivr.emulator.wire import answer_json, exchange_of


async def list_rooms(request: web.Request) -> web.Response:
    """GET /local/rooms: each live conference with its participants, whom each hears, and who is recorded."""
    live = [each for each in exchange_of(request).conferences.values() if each.live]
    rooms = [
        {
            "sid": room.sid,
            "name": room.name,
            "participants": [
                {
                    "call_sid": each.call.sid,
                    "muted": each.muted,
                    "hold": each.hold,
                    "coaching": each.coaching,
                    "hears": [other.call.sid for other in room.heard_by(each)],
                }
                for each in room.participants
            ],
            "recorded": [each.call.sid for each in room.recorded()],
        }
        for room in live
    ]
    return answer_json({"rooms": rooms})


ROUTES = [web.get("/local/rooms", list_rooms)]
