"""Puts the operator's routes on the web process."""

from flask import Flask

from operations.health import health
from operations.metrics import metrics, start_watch, stop_watch


def register(app: Flask) -> None:
    """Add /health, /ready and /metrics."""
    app.register_blueprint(health)
    app.register_blueprint(metrics)


def time_webhooks(app: Flask) -> None:
    """Note how long each webhook takes."""
    app.before_request(start_watch)
    app.after_request(stop_watch)
