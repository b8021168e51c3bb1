"""`helpline staff`: who may sign in at the desk."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.guard import STAFF
from agent_console.password import WeakPassword, hash_password, new_password
from agent_console.words import LANGUAGES
from clock import SystemClock
from config import Config
from ivr.line import open_store
from models.staff import Staff


@click.group()
def staff() -> None:
    """The people who sign in at the desk."""


@staff.command()
@click.option("--login", required=True, help="What the person types to sign in.")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(STAFF), help="May be given again.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(list(LANGUAGES)),
    help="Spoken with callers. Again for more.",
)
@click.option("--screen", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Of the screens.")
@click.option("--email", help="The address by which single sign-on knows them the first time.")
@click.option("--ask-password", is_flag=True, help="Type a password instead of having one made.")
@click.pass_obj
def add(
    config: Config,
    login: str,
    name: str,
    roles: tuple[str, ...],
    languages: tuple[str, ...],
    screen: str,
    email: str | None,
    ask_password: bool,
) -> None:
    """Add a person. Unless you type one, a password is made and printed once."""
    if "representative" in roles and not languages:
        raise click.UsageError(
            "A representative needs at least one --language to be given callers, such as: --language bn"
        )
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else new_password()
    row = Staff(
        login=_clean(login),
        name=name.strip(),
        password_hash=_hash(password),
        roles=list(dict.fromkeys(roles)),
        languages=list(dict.fromkeys(languages)),
        queues=[],
        screen_language=screen,
        email=email.strip().lower() if email else None,
        created_at=SystemClock().now(),
    )
    store = open_store(config)
    try:
        store.transact(lambda session: _insert(session, row))
    finally:
        store.close()
    click.echo(f"{_clean(login)} can sign in at {config.public_url}/desk/sign-in")
    if not ask_password:
        click.echo(f"Password, shown this once: {password}")


@staff.command("list")
@click.pass_obj
def show(config: Config) -> None:
    """Show everybody."""
    store = open_store(config)
    try:
        with store.session() as session:
            people = list(session.scalars(select(Staff).order_by(Staff.login)))
    finally:
        store.close()
    if not people:
        click.echo("Nobody yet. Add somebody with: helpline staff add --login ... --name ... --role representative")
    for person in people:
        state = "" if person.active else "  (deactivated)"
        click.echo(
            f"{person.login:16} {', '.join(person.roles):28} {', '.join(person.languages):12} {person.name}{state}"
        )


@staff.command()
@click.argument("login")
@click.pass_obj
def deactivate(config: Config, login: str) -> None:
    """Let a person in no more, and sign every browser of theirs out."""
    store = open_store(config)
    try:
        store.transact(lambda session: _deactivate(session, _clean(login)))
    finally:
        store.close()
    click.echo(f"{_clean(login)} is signed out everywhere and cannot sign in any more.")


def _insert(session: Session, row: Staff) -> None:
    if session.scalar(select(Staff.id).where(Staff.login == row.login)) is not None:
        raise click.ClickException(f"There is a {row.login} already. Choose another login, or see: helpline staff list")
    session.add(row)


def _deactivate(session: Session, login: str) -> None:
    person = session.scalars(select(Staff).where(Staff.login == login)).one_or_none()
    if person is None:
        raise click.ClickException(f"Nobody has the login {login}. See: helpline staff list")
    person.active = False
    person.session_epoch += 1
    person.forget_telephone()


def _hash(password: str) -> str:
    try:
        return hash_password(password)
    except WeakPassword as error:
        raise click.ClickException(str(error)) from error


class BadLogin(ValueError):
    """A login is made of letters, digits, dots and dashes."""


def clean_login(login: str) -> str:
    """The login as it is kept. Raises BadLogin."""
    cleaned = login.strip().lower()
    if not cleaned or not cleaned.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise BadLogin(cleaned)
    return cleaned


def _clean(login: str) -> str:
    try:
        return clean_login(login)
    except BadLogin as error:
        raise click.UsageError("A login is made of letters, digits, dots and dashes, such as: asha.mondal") from error
