"""`/health`: this process answers. `/ready`: it can take a call, and what is missing if it cannot."""

from datetime import UTC, datetime
from typing import TypedDict
from uuid import uuid4

from flask import Blueprint, Response, current_app, jsonify
from redis.exceptions import RedisError
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.telephone import Telephone
from models.flow_publication import FlowPublication
from models.lease import Lease
from models.migrations.shape import shape_of
from models.store import StoreUnavailable
from operations.running import (
    CLOCKS_APART_S,
    ask_workers,
    clocks_apart_s,
    promises_in,
    router_on_duty,
    unworked,
)
from operations.store_fault import MENDS

health = Blueprint("health", __name__)

_ANSWER_S = 1.0
_NEVER_HELD = datetime(2000, 1, 1, tzinfo=UTC)


class Check(TypedDict):
    """One thing looked at. `needed`: without it no call can be taken."""

    name: str
    well: bool
    needed: bool
    says: str


@health.get("/health")
def tell_alive() -> Response:
    return jsonify(status="alive")


@health.get("/ready")
def tell_ready() -> tuple[Response, int]:
    """200 when calls can be taken, else 503; either way with what was looked at.

    `ready` when all is well, `limping` when calls are taken and something else is amiss.
    """
    checks = look_at(current_app.extensions["telephone"])
    if not all(check["well"] for check in checks if check["needed"]):
        return jsonify(status="not ready", checks=checks), 503
    whole = all(check["well"] for check in checks)
    return jsonify(status="ready" if whole else "limping", checks=checks), 200


def look_at(telephone: Telephone) -> list[Check]:
    """Look at the store, the published menu, the other processes and what they have left lying."""
    looked = [_look_at_store(telephone), _look_at_tables(telephone), _look_at_menu(telephone)]
    return [*looked, *_look_at_the_others(telephone), _look_at_promises(telephone), *_look_at_redis(telephone)]


def _look_at_store(telephone: Telephone) -> Check:
    try:
        telephone.store.write(_write_and_take_back)
    except (SQLAlchemyError, StoreUnavailable):
        says = "The database takes no writes: it is away, read-only, or its disk is full."
        return Check(name="store", well=False, needed=True, says=says)
    return Check(name="store", well=True, needed=True, says="The database takes writes.")


def _write_and_take_back(connection: Connection) -> None:
    """A transaction that writes nothing succeeds on a full disk, too. A row of its own meets nobody."""
    name = f"ready:{uuid4()}"
    connection.execute(insert(Lease).values(name=name, holder="", until=_NEVER_HELD))
    connection.execute(delete(Lease).where(Lease.name == name))


def _look_at_tables(telephone: Telephone) -> Check:
    """Older tables break every call; newer ones are usual while the line is upgraded, machine by machine."""
    try:
        with telephone.store.read() as connection:
            shape = shape_of(connection)
    except (SQLAlchemyError, StoreUnavailable):
        return Check(name="tables", well=False, needed=True, says="The tables cannot be read.")
    if shape == "newest":
        return Check(name="tables", well=True, needed=True, says="They have the newest shape.")
    return Check(name="tables", well=False, needed=shape != "newer", says=MENDS[shape])


def _look_at_menu(telephone: Telephone) -> Check:
    try:
        with telephone.store.read() as connection:
            published = connection.execute(select(FlowPublication.id).limit(1)).first()
    except (SQLAlchemyError, StoreUnavailable):
        return Check(name="menu", well=False, needed=True, says="The published menu cannot be read.")
    if published is None:
        return Check(name="menu", well=False, needed=True, says="No menu is published: run `helpline prepare`.")
    return Check(name="menu", well=True, needed=True, says="A menu is published.")


def _look_at_the_others(telephone: Telephone) -> list[Check]:
    now = telephone.clock.now()
    try:
        with telephone.store.read() as connection:
            routed, apart = router_on_duty(connection, now), clocks_apart_s(connection, telephone.clock.now())
    except (SQLAlchemyError, StoreUnavailable):
        return []  # the store's own check says it
    says = "A router is on duty." if routed else "No router runs: callers wait and are led to nobody. Start one."
    router = Check(name="router", well=routed, needed=False, says=says)
    clock = Check(name="clock", well=True, needed=False, says="It goes with that of the database.")
    if apart > CLOCKS_APART_S:
        clock["well"] = False
        clock["says"] = f"It is {apart:.0f} s from that of the database: see that both keep time (chrony or ntp)."
    return [router, clock]


def _look_at_promises(telephone: Telephone) -> Check:
    late, unreadable = promises_in(telephone.config.spool_dir, telephone.clock.now())
    if not late and not unreadable:
        return Check(name="promises", well=True, needed=False, says="None to ring back lies on this disk.")
    says = f"{late} to ring back are not taken in, {unreadable} unreadable, on the disk of this machine."
    return Check(name="promises", well=False, needed=False, says=f"{says} Run a router there.")


def _look_at_redis(telephone: Telephone) -> list[Check]:
    try:
        lacking = unworked(ask_workers(telephone.config.redis_url, _ANSWER_S))
    except RedisError:
        says = "Redis does not answer: calls go on, texts wait until it returns."
        return [Check(name="redis", well=False, needed=False, says=says)]
    says = f"Nobody does {', '.join(lacking)}. Start: helpline worker {' '.join(lacking)}" if lacking else "All run."
    return [
        Check(name="redis", well=True, needed=False, says="Redis answers."),
        Check(name="workers", well=not lacking, needed=False, says=says),
    ]
