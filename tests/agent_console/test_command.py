from dataclasses import replace

from click.testing import CliRunner, Result

from agent_console.command import staff
from agent_console.demo_staff import DEMO_PASSWORD, DEMO_STAFF, ensure_demo_staff
from agent_console.password import is_password
from models.staff import Staff
from models.store import Store
from tests.agent_console.desk_in_test import Desk


def run(desk: Desk, *words: str, typed: str = "") -> Result:
    config = replace(desk.telephone.config, database_url=desk.store.url.render_as_string(False))
    return CliRunner().invoke(staff, list(words), obj=config, input=typed)


ADD = ("add", "--login", "Asha", "--name", "Asha Mondal", "--role", "representative", "--language", "bn")


def test_a_person_is_added_with_a_password_shown_once(desk: Desk) -> None:
    told = run(desk, *ADD, "--language", "en", "--screen", "bn")
    assert told.exit_code == 0, told.output
    password = told.output.split("Password, shown this once: ")[1].strip()
    person = desk.row(Staff)
    assert (person.login, person.roles, person.languages) == ("asha", ["representative"], ["bn", "en"])
    assert person.screen_language == "bn"
    assert is_password(person.password_hash, password)
    assert person.password_hash.startswith("$argon2id$")


def test_a_typed_password_is_not_printed_and_must_be_long(desk: Desk) -> None:
    weak = run(desk, *ADD, "--ask-password", typed="short\nshort\n")
    assert weak.exit_code == 1
    assert "Take at least 10." in weak.output
    good = run(desk, *ADD, "--ask-password", typed="long-enough-word\nlong-enough-word\n")
    assert good.exit_code == 0
    assert "long-enough-word" not in good.output


def test_a_login_is_taken_once(desk: Desk) -> None:
    run(desk, *ADD)
    again = run(desk, *ADD)
    assert again.exit_code == 1
    assert "There is a asha already" in again.output


def test_a_representative_without_a_language_would_never_be_rung(desk: Desk) -> None:
    told = run(desk, "add", "--login", "a", "--name", "A", "--role", "representative")
    assert told.exit_code == 2
    assert "--language bn" in told.output


def test_a_login_is_plain(desk: Desk) -> None:
    told = run(desk, "add", "--login", "a b/c", "--name", "A", "--role", "admin")
    assert told.exit_code == 2
    assert "letters, digits, dots and dashes" in told.output


def test_people_are_listed_and_deactivated(desk: Desk) -> None:
    assert "Nobody yet." in run(desk, "list").output
    run(desk, *ADD)
    assert "Asha Mondal" in run(desk, "list").output
    assert run(desk, "deactivate", "asha").exit_code == 0
    person = desk.row(Staff)
    assert (person.active, person.session_epoch) == (False, 1)
    assert "(deactivated)" in run(desk, "list").output
    assert "Nobody has the login bimal" in run(desk, "deactivate", "bimal").output


def test_demo_people_are_added_once(desk: Desk, store: Store) -> None:
    now = desk.clock.now()
    assert ensure_demo_staff(store, now) == [person.login for person in DEMO_STAFF]
    ensure_demo_staff(store, now)
    people = desk.rows(Staff)
    assert [(person.login, person.roles) for person in people] == [
        ("asha", ["representative"]),
        ("bimal", ["representative"]),
        ("sumitra", ["supervisor", "admin"]),
        ("mina", ["translator"]),
        ("gopal", ["approver"]),
        ("parul", ["clerk"]),
        *((login, ["officer"]) for login in ("chitra", "dipak", "hiran", "leela", "rafiq")),
    ]
    assert people[0].languages == ["bn", "en", "hi"]
    assert is_password(people[0].password_hash, DEMO_PASSWORD)
