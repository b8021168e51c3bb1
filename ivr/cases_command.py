"""`helpline cases`: the clocks of the cases, and working days that are taken away."""

import getpass
from datetime import date, datetime

import click

from config import Config
from ivr.case_clocks import run_clocks
from ivr.opening import UnknownCalendar
from ivr.shell import at_shell
from ivr.telephone import Telephone
from ivr.working_days import calendars_now, recount_if_changed
from models.services.holidays import declare_holiday, holidays_in_force, withdraw_holiday
from models.services.naming import settle_cases

_by = click.option("--by", default=getpass.getuser, help="Who does it; else the user of this shell.")


@click.group()
def cases() -> None:
    """Cases of the departments: what is due, and by which days promises are counted."""


@cases.command()
@click.pass_obj
def escalate(config: Config) -> None:
    """Say at once what the clocks have to say. The router does it by itself, a little at a time."""
    with at_shell(config, UnknownCalendar) as telephone:
        counts = run_clocks(telephone)
    said = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()) if kind != "looked")
    click.echo(f"{counts['looked']} cases were due: {said or 'nothing to say'}.")


@cases.command()
@click.pass_obj
def recount(config: Config) -> None:
    """Count the open promises anew at once, after a calendar was changed. The router does it within a minute."""
    with at_shell(config, UnknownCalendar) as telephone:
        _recount(telephone)


@cases.command()
@click.pass_obj
def settle(config: Config) -> None:
    """Give every open case an office of the register and the officer who serves there today."""
    with at_shell(config, UnknownCalendar) as telephone:
        settled = settle_cases(telephone.store, telephone.clock.now(), calendars_now(telephone.store))
    click.echo(f"{settled} cases have another office or officer.")


@cases.group()
def holiday() -> None:
    """Working days that the government takes away at short notice."""


@holiday.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", required=True, help="Why, as the record keeps it.")
@_by
@click.pass_obj
def declare(config: Config, day: datetime, reason: str, by: str) -> None:
    """Take DAY (2026-12-03) away from every department, and count the open promises anew."""
    with at_shell(config, UnknownCalendar) as telephone:
        now = telephone.clock.now()
        if not telephone.store.transact(lambda session: declare_holiday(session, _day(day), reason, by=by, now=now)):
            raise click.ClickException(f"{_day(day)} is a sudden holiday already. See: helpline cases holiday list")
        _recount(telephone)


@holiday.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@_by
@click.pass_obj
def withdraw(config: Config, day: datetime, by: str) -> None:
    """Give DAY back, and count the open promises anew."""
    with at_shell(config, UnknownCalendar) as telephone:
        now = telephone.clock.now()
        if not telephone.store.transact(lambda session: withdraw_holiday(session, _day(day), by=by, now=now)):
            raise click.ClickException(f"{_day(day)} is no sudden holiday. See: helpline cases holiday list")
        _recount(telephone)


@holiday.command("list")
@click.pass_obj
def show(config: Config) -> None:
    """Show the sudden holidays in force."""
    with at_shell(config, UnknownCalendar) as telephone, telephone.store.session() as session:
        found = holidays_in_force(session)
    for one in found:
        click.echo(f"{one.day}  {one.reason}  ({one.declared_by})")
    if not found:
        click.echo("None. Declare one with: helpline cases holiday declare 2026-12-03 --reason ...")


def _recount(telephone: Telephone) -> None:
    moved = recount_if_changed(telephone.store, telephone.clock.now())
    click.echo(f"{moved} promised dates moved.")


def _day(typed: datetime) -> date:
    return typed.date()
