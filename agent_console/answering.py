"""How a button's request is answered: with JSON for the page's script, with a redirect for a page without one."""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

LEAST_REASON, LONGEST_REASON = 3, 200  # letters


def by_script() -> bool:
    """True if the page's own script asks."""
    return request.headers.get("X-Requested-With") == "desk"


def done(**told: object) -> ResponseReturnValue:
    """It is done; `told` goes to the script. `go` names a page to open."""
    if by_script():
        return jsonify(ok=True, **told)
    return redirect(str(told.get("go") or url_for("desk.home")))


def done_at(address: str, words: str = "") -> ResponseReturnValue:
    """It is done, and what changed is drawn anew: by the page's script, else as the page at `address`."""
    if by_script():
        return done(said=words)
    if words:
        flash(words, "done")
    return redirect(address)


def refused(words: str, status: int = 409, **told: object) -> ResponseReturnValue:
    """It cannot be done, in plain words that name the mend."""
    if by_script():
        return jsonify(error=words, **told), status
    flash(words, "error")
    return redirect(url_for("desk.home"))


def refused_at(address: str, words: str, status: int = 422) -> ResponseReturnValue:
    """It cannot be done: told to the page's script, or on the page that the person comes from."""
    if by_script():
        return refused(words, status)
    flash(words, "error")
    return redirect(address)


def read_reason() -> str:
    """Why it is done, as it was typed; empty if that says nothing."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    return reason if len(reason) >= LEAST_REASON else ""
