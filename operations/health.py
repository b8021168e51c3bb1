"""`/health`: this process answers. `/ready`: it can take a call, and what is missing if it cannot."""

from typing import TypedDict

from flask import Blueprint, Response, current_app, jsonify
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ivr.telephone import Telephone
from models.flow_publication import FlowPublication
from models.store import StoreUnavailable

health = Blueprint("health", __name__)


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
    """200 when calls can be taken, else 503; either way with what was looked at."""
    checks = look_at(current_app.extensions["telephone"])
    ready = all(check["well"] for check in checks if check["needed"])
    return jsonify(status="ready" if ready else "not ready", checks=checks), 200 if ready else 503


def look_at(telephone: Telephone) -> list[Check]:
    """Look at the store, the published menu and Redis."""
    return [_look_at_store(telephone), _look_at_menu(telephone), _look_at_redis(telephone)]


def _look_at_store(telephone: Telephone) -> Check:
    try:
        telephone.store.write(lambda connection: connection.execute(select(1)).scalar_one())
    except (SQLAlchemyError, StoreUnavailable):
        return Check(name="store", well=False, needed=True, says="The database does not take a write transaction.")
    return Check(name="store", well=True, needed=True, says="The database takes writes.")


def _look_at_menu(telephone: Telephone) -> Check:
    try:
        with telephone.store.read() as connection:
            published = connection.execute(select(FlowPublication.id).limit(1)).first()
    except (SQLAlchemyError, StoreUnavailable):
        return Check(name="menu", well=False, needed=True, says="The published menu cannot be read.")
    if published is None:
        return Check(name="menu", well=False, needed=True, says="No menu is published: run `helpline prepare`.")
    return Check(name="menu", well=True, needed=True, says="A menu is published.")


def _look_at_redis(telephone: Telephone) -> Check:
    try:
        client = Redis.from_url(telephone.config.redis_url, socket_timeout=1, socket_connect_timeout=1)
        try:
            client.ping()
        finally:
            client.close()
    except RedisError:
        says = "Redis does not answer: calls go on, texts wait until it returns."
        return Check(name="redis", well=False, needed=False, says=says)
    return Check(name="redis", well=True, needed=False, says="Redis answers.")
