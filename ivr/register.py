"""The telephone's part of the web process: its webhooks and sounds, and the version that calls are pinned to."""

import structlog
from flask import Flask

from ivr.bridges.webhooks import bridges
from ivr.feedback.webhooks import feedback_calls
from ivr.joined import Joiner, Sealer
from ivr.keypad_legs import keypad_legs
from ivr.legs import legs
from ivr.message_reports import messages
from ivr.pinned import FLOWS
from ivr.publishing import seed_all
from ivr.recorded.webhook import recordings
from ivr.service_legs import service_legs
from ivr.sounds import sounds
from ivr.telephone import Telephone
from ivr.turn_door import NoteSeconds, TurnDoor
from ivr.voice import make_voice
from ivr.webhooks import voice

log = structlog.get_logger()


def register(app: Flask, telephone: Telephone, note: NoteSeconds = lambda route, status, seconds: None) -> None:
    """Add the telephone to the app. A store that is away now does not keep the process from starting."""
    app.extensions["telephone"] = telephone
    app.extensions["voice"] = make_voice(telephone)
    app.extensions["joiner"] = Joiner(Sealer(telephone.config.secret_key))
    for blueprint in (recordings, feedback_calls, bridges, voice, legs, keypad_legs, service_legs, messages, sounds):
        app.register_blueprint(blueprint)
    app.wsgi_app = TurnDoor(app, note)  # type: ignore[method-assign]  # as Flask's own guide does
    try:
        seed_all(telephone.store, telephone.clock.now())
        for name in FLOWS:
            telephone.flows.warm(name)
    except Exception:
        # Callers hear the last resort until the store is back; the first call after that compiles the flow.
        log.exception("flow_not_loaded")
