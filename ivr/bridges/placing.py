"""Ringing the officer who asked for a bridge, and asking after those of which nothing is heard."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from config import Config
from ivr.bridges.ending import officer_gone
from ivr.commands import CHECK_BRIDGE, add_command
from ivr.placing_once import place_once
from ivr.statuses import is_over
from ivr.telephone import Telephone
from models.bridge import Bridge
from models.services.bridging import unheard_of

_LOST_AFTER = timedelta(minutes=2)  # asked for, and not over yet: the network is asked
_RUNG_WITHIN = timedelta(seconds=90)  # after an outage nobody is rung any more: the hour may not be decent
_MOST = 500


def bridge_url(config: Config, bridge_id: int, ending: str = "") -> str:
    """The document of an officer who has picked up, or what follows from it."""
    return f"{config.public_url}/voice/bridges/{bridge_id}{ending}"


def call_officer(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask the network to ring the officer, once. Raises GatewayError."""
    bridge_id = payload["bridge_id"]
    asked_now = Bridge.asked_at > telephone.clock.now() - _RUNG_WITHIN
    mine = (Bridge.id == bridge_id) & (Bridge.state == "officer") & asked_now
    base = bridge_url(telephone.config, bridge_id)
    place_once(
        telephone,
        Bridge,
        mine,
        Bridge.own_number,
        base,
        hopeless=lambda error: error.permanent,
        give_up=lambda: lost(telephone, bridge_id),
    )


def lost(telephone: Telephone, bridge_id: int) -> None:
    """The officer's telephone cannot be rung, or nobody knows whether it was."""
    officer_gone(telephone, bridge_id, None, "failed")


def check_bridge(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask the network where the officer's call is. Raises GatewayError."""
    bridge_id, sid = payload["bridge_id"], payload["sid"]
    if sid is None:
        lost(telephone, bridge_id)
        return
    status = telephone.gateway.call_status(sid)
    if is_over(status):
        officer_gone(telephone, bridge_id, sid, status)


def sweep_bridges(telephone: Telephone) -> None:
    """Have the network asked after those whose end may have gone unheard: a process died, or a report was lost."""
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        found = unheard_of(connection, now, _LOST_AFTER, _MOST)
    if not found:
        return
    slot = int(now.timestamp() // _LOST_AFTER.total_seconds())

    def ask(connection: Connection) -> None:
        for bridge_id, sid in found:
            payload = {"bridge_id": bridge_id, "sid": sid}
            add_command(connection, f"bridge:{bridge_id}:check:{slot}", CHECK_BRIDGE, payload, now)

    telephone.store.write(ask)
