"""Signing in and out, and the language of the screens."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.demo_staff import DEMO_PASSWORD, DEMO_STAFF
from agent_console.guard import STAFF, allow, open_to_all
from agent_console.one_desk import leave_desk
from agent_console.password import is_password
from agent_console.safety import limiter
from agent_console.second_factor import take_code
from agent_console.signed_in import BY_SSO, from_row, still_valid
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import LANGUAGES, say, screen_language
from ivr.call_control import go_offline
from models.staff import Staff

LEFT_SSO = "left_sso"  # such a session has ended here, and goes on at the provider
_HALF_WAY = "password_given"
_HALF_WAY_S = 300
_LEFT = "left"  # who has just signed out, so that the next page clears what the browser keeps for them

blueprint = Blueprint("signing", __name__, template_folder="templates")


def _guessed(response: Response) -> bool:
    return response.status_code == 401


def _who_is_half_way() -> str:
    return f"second:{(session.get(_HALF_WAY) or [0])[0]}"


def _login_asked() -> str:
    return request.form.get("login", "").strip().lower()[:100]


@blueprint.get("/desk/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("desk.home"))
    return show_sign_in()


@blueprint.post("/desk/sign-in")
@open_to_all
@limiter.limit("5/minute;30/hour", key_func=_login_asked, deduct_when=_guessed)
@limiter.limit("20/minute", deduct_when=_guessed)
def check() -> ResponseReturnValue:
    """Let the person in, or say plainly that login or password is wrong: never which of the two."""
    with store().session() as rows:
        staff = rows.scalars(select(Staff).where(Staff.login == _login_asked(), Staff.active)).one_or_none()
    right = is_password(staff.password_hash if staff else None, request.form.get("password", ""))
    if staff is None or not right:
        return show_sign_in(fault=say("sign_in.wrong"), login=request.form.get("login", "")), 401
    session.pop(BY_SSO, None)
    return begin_session(staff, request.args.get("next"))


def begin_session(staff: Staff, asked: str | None) -> ResponseReturnValue:
    """Let somebody in who is known by password or by single sign-on; first the second step, if they have one."""
    if staff.second_factor is not None:
        session[_HALF_WAY] = [staff.id, staff.session_epoch, now().timestamp()]
        return redirect(url_for("signing.ask_code", next=asked))
    return _let_in(staff, asked)


@blueprint.get("/desk/sign-in/code")
@open_to_all
def ask_code() -> ResponseReturnValue:
    """The second step, for people with a second factor."""
    if _half_way() is None:
        return redirect(url_for("signing.sign_in"))
    return render_template("desk/sign_in_code.html", next=request.args.get("next"))


@blueprint.post("/desk/sign-in/code")
@open_to_all
@limiter.limit("5/minute;30/hour", key_func=_who_is_half_way, deduct_when=_guessed)
@limiter.limit("20/minute", deduct_when=_guessed)
def check_code() -> ResponseReturnValue:
    """Let the person in whose code is right: the app's, or one for when the app is lost. Each opens once."""
    half_way = _half_way()
    if half_way is None:
        return redirect(url_for("signing.sign_in"))
    staff_id, epoch = half_way
    code, key, at = request.form.get("code", "")[:40], telephone().config.secret_key, now()

    def take(rows: Session) -> Staff | None:
        staff = rows.get(Staff, staff_id)
        if staff is None or not still_valid(staff, epoch) or staff.second_factor is None:
            return None
        return staff if take_code(rows, staff, code, key, at) else None

    let_in = store().transact(take)
    if let_in is None:
        page = render_template("desk/sign_in_code.html", next=request.args.get("next"), fault=say("refused.wrong_code"))
        return page, 401
    return _let_in(let_in, request.args.get("next"))


@blueprint.post("/desk/sign-out")
@allow(*STAFF)
def sign_out() -> ResponseReturnValue:
    language, staff_id, by_sso = screen_language(), me().id, session.get(BY_SSO, False)
    go_offline(telephone(), staff_id)
    # The page's own farewell comes too late: by then nobody is signed in.
    store().transact(lambda rows: leave_desk(rows, staff_id))
    logout_user()
    session.clear()
    session["screen_language"] = language
    session[_LEFT] = staff_id
    if by_sso:
        session[LEFT_SSO] = True
    return redirect(url_for("signing.sign_in"))


@blueprint.post("/desk/screen-language")
@open_to_all
def choose_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["screen_language"] = language
        if current_user.is_authenticated:
            session["own_language"] = language
            _keep_language(me().id, language)
    return redirect(_own_page(request.form.get("back")))


def _let_in(staff: Staff, asked: str | None) -> ResponseReturnValue:
    chosen, by_sso = session.get("screen_language"), session.get(BY_SSO, False)
    session.clear()
    session.permanent = True
    if by_sso:
        session[BY_SSO] = True
    login_user(from_row(staff))
    session["own_language"] = chosen if chosen in LANGUAGES else staff.screen_language
    if session["own_language"] != staff.screen_language:
        _keep_language(staff.id, session["own_language"])
    return redirect(_own_page(asked))


def _half_way() -> tuple[int, int] | None:
    """Who has given the right password within the last minutes: staff id and epoch."""
    known = session.get(_HALF_WAY)
    if not known or now().timestamp() - known[2] > _HALF_WAY_S:
        return None
    return int(known[0]), int(known[1])


def show_sign_in(**shown: object) -> str:
    """The sign-in page, with what is to be told on it."""
    config = telephone().config
    demo = DEMO_STAFF if config.environment == "development" else ()
    return render_template(
        "desk/sign_in.html",
        demo=demo,
        demo_password=DEMO_PASSWORD,
        next=request.args.get("next"),
        sso=config.oidc_name if config.oidc_issuer else "",
        left_sso=bool(session.get(LEFT_SSO)),
        left=session.pop(_LEFT, ""),
        **shown,
    )


def _keep_language(staff_id: int, language: str) -> None:
    def keep(rows: Session) -> None:
        rows.get_one(Staff, staff_id).screen_language = language

    store().transact(keep)


def _own_page(asked: str | None) -> str:
    """`asked` if it is a page of ours: a link from elsewhere must not lead a signed-in person away."""
    parts = urlsplit(asked or "")
    if asked and not parts.scheme and not parts.netloc and parts.path.startswith("/desk") and "\\" not in asked:
        page = _page_at(parts.path)
        return asked if page == parts.path else page
    return url_for("desk.home")


def _page_at(path: str) -> str:
    """`path`, or the nearest address above it that can be read: some only take in what is sent to them."""
    known = current_app.create_url_adapter(request)
    while known is not None and path and not known.test(path, method="GET"):
        path = path.rpartition("/")[0]
    return path or url_for("desk.home")
