"""How a button's request is answered: with JSON for the page's script, with a redirect for a page without one."""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue


def by_script() -> bool:
    """True if the page's own script asks."""
    return request.headers.get("X-Requested-With") == "desk"


def done(**told: object) -> ResponseReturnValue:
    """It is done; `told` goes to the script. `go` names a page to open."""
    if by_script():
        return jsonify(ok=True, **told)
    return redirect(str(told.get("go") or url_for("desk.home")))


def refused(words: str, status: int = 409, **told: object) -> ResponseReturnValue:
    """It cannot be done, in plain words that name the mend."""
    if by_script():
        return jsonify(error=words, **told), status
    flash(words, "error")
    return redirect(url_for("desk.home"))
