"""Who may ask what. Every view says it; one that does not answers nobody."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from agent_console.answering import by_script, refused
from agent_console.signed_in import BY_SSO, login_manager
from agent_console.words import say

P = ParamSpec("P")
R = TypeVar("R")

STAFF = ("representative", "supervisor", "translator", "approver", "officer", "clerk", "admin")
_BEFORE_A_NEW_PASSWORD = ("own_account.", "signing.")
_MARK = "may_be_asked_by"


def allow(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let people with one of `roles` ask this view."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _MARK, frozenset(roles))
        return view

    return mark


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Let anybody ask this view, signed in or not."""
    setattr(view, _MARK, frozenset())
    return view


def roles_of(view: object) -> frozenset[str] | None:
    """The roles that may ask `view`; empty for everybody; None where nothing was said."""
    return getattr(view, _MARK, None)


def may_ask(endpoint: str) -> bool:
    """True if whoever asks now may ask the view `endpoint` too: nobody is shown a link that turns them away."""
    roles = roles_of(current_app.view_functions[endpoint])
    return roles is not None and (not roles or current_user.has_role(*roles))


def check_role() -> ResponseReturnValue | None:
    """Turn away whoever may not ask this view. Runs before each request of the staff screens."""
    if request.endpoint is None:
        return None
    roles = roles_of(current_app.view_functions[request.endpoint])
    if roles is None:
        abort(403)
    if not roles:
        return None
    if not current_user.is_authenticated:
        if by_script():
            abort(401)  # a script would draw the sign-in page over what is being written
        unauthorized: ResponseReturnValue = login_manager.unauthorized()
        return unauthorized
    if not current_user.has_role(*roles):
        abort(403)
    if (
        current_user.must_change_password
        and not session.get(BY_SSO)
        and not request.endpoint.startswith(_BEFORE_A_NEW_PASSWORD)
    ):
        # Whoever handed the password over knows it: nothing is done with it but choosing another.
        if by_script():
            return refused(say("refused.own_password_first"), 403)  # a script would take the page for what it asked
        return redirect(url_for("own_account.page"))
    return None
