"""Fonts, scripts and styles, all from this machine."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, abort, current_app, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from agent_console.guard import open_to_all

blueprint = Blueprint("asset", __name__)

_STATIC = Path(__file__).with_name("static")
_PACKAGES = Path(__file__).parents[1] / "node_modules" / "@fontsource"
_MODULES = Path(__file__).parents[1] / "node_modules"
_DAY = 24 * 3600
_YEAR = 365 * 24 * 3600
# Names of this list only: nothing else below node_modules can be asked for.
FONTS = {
    f"{package}-{script}-{weight}-normal.woff2": package
    for package, script in (
        ("noto-sans", "latin"),
        ("noto-sans-bengali", "bengali"),
        ("noto-sans-devanagari", "devanagari"),
    )
    for weight in (400, 600)
}


# What pages load of other people's code, by name of the file.
LIBRARIES = {
    "twilio.min.js": "@twilio/voice-sdk/dist",
    "uPlot.esm.js": "uplot/dist",
    "uPlot.min.css": "uplot/dist",
    "wavesurfer.esm.js": "wavesurfer.js/dist",
    "regions.esm.js": "wavesurfer.js/dist/plugins",
    "cytoscape.esm.min.mjs": "cytoscape/dist",
    "cytoscape-dagre.min.mjs": "cytoscape-dagre/dist",
}


@blueprint.get("/desk/libraries/<name>")
@open_to_all
def library(name: str) -> ResponseReturnValue:
    """A file of a browser library, as npm has installed it."""
    folder = LIBRARIES.get(name)
    if folder is None:
        abort(404)
    # Some machines know no .mjs, and a browser refuses a script that is not called one.
    kind = "text/javascript" if name.endswith("js") else None
    return send_from_directory(_MODULES / folder, name, mimetype=kind, max_age=_DAY)


@blueprint.get("/desk/fonts/<name>")
@open_to_all
def font(name: str) -> ResponseReturnValue:
    package = FONTS.get(name)
    if package is None:
        abort(404)
    return send_from_directory(_PACKAGES / package / "files", name, mimetype="font/woff2", max_age=_YEAR)


@blueprint.get("/desk/static/<digest>/<name>")
@open_to_all
def file(digest: str, name: str) -> ResponseReturnValue:
    """A script or style. The digest in the address changes with the content, so that it may be kept for ever."""
    fresh = digest == digest_of_all()
    return send_from_directory(_STATIC, name, max_age=_YEAR if fresh else 0)


def address_of(name: str) -> str:
    """Where the static file `name` is fetched."""
    digest = digest_of_all.__wrapped__() if current_app.debug else digest_of_all()
    return url_for("asset.file", digest=digest, name=name)


@cache
def digest_of_all() -> str:
    """One digest for all files: scripts import each other by name, and must never be mixed from two versions."""
    everything = sha256()
    for path in sorted(_STATIC.iterdir()):
        everything.update(path.read_bytes())
    return everything.hexdigest()[:12]
