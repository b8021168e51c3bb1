"""What a turn is compared with, under the same server: a bare Flask route, and one that commits an INSERT."""

import os
from datetime import UTC, datetime

from flask import Flask, Response, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import insert

from config import Config
from models.late_event import LateEvent
from models.store import Store


def create_baseline() -> Flask:
    """The two routes. /insert goes through the same store, so its row is just as durable."""
    app = Flask("baseline", static_folder=None)
    store = Store(os.environ["BENCH_DATABASE_URL"])
    store.migrate()
    statement = insert(LateEvent)

    @app.post("/bare")
    def bare() -> Response:
        return Response("<Response/>", content_type="text/xml; charset=utf-8")

    @app.post("/insert")
    def insert_one() -> Response:
        sid = request.form["CallSid"]
        now = datetime.now(UTC)
        row = {"kind": "call", "subject": sid, "status": "completed", "data": {}, "why": "bench", "at": now}
        store.write(lambda connection: connection.execute(statement, row))
        return Response("<Response/>", content_type="text/xml; charset=utf-8")

    return app


def main() -> None:
    config = Config.from_env()
    Granian(
        "tests.bench.baseline:create_baseline",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        interface=Interfaces.WSGI,
        workers=config.web_workers,
        blocking_threads=config.web_threads,
        backlog=2048,
        backpressure=2048,
    ).serve()


if __name__ == "__main__":
    main()
