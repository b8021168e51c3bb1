"""Composition root of the web process, and the `helpline` command line."""

import importlib
import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from audio.shelf import ShelfAway
from config import BadSetting, Config
from ivr.telephone import Telephone
from models.errors import StoreUnavailable, TablesBusy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ivr.gate import Gate

COMMANDS = {
    "up": "operations.command:up",
    "prepare": "operations.command:prepare",
    "web": "operations.command:web",
    "stream": "operations.command:stream",
    "valkey": "operations.command:valkey",
    "doctor": "operations.command:doctor",
    "backup": "operations.backup_command:backup",
    "restore": "operations.backup_command:restore",
    "demo-data": "operations.command:demo_data",
    "flows": "ivr.command:flows",
    "calendar": "ivr.command:calendar",
    "close-now": "ivr.command:close_now",
    "open-again": "ivr.command:open_again",
    "prompts": "ivr.prompts_command:prompts",
    "staff": "agent_console.command:staff",
    "audit": "agent_console.audit_command:audit",
    "person": "agent_console.person_command:person",
    "cases": "ivr.cases_command:cases",
    "organisation": "ivr.organisation_command:organisation",
    "call": "ivr.emulator.call_command:call",
}


def create_app(config: Config, telephone: Telephone | None = None) -> Flask:
    """The web process: webhooks and pages over one store. `telephone` is given by tests that share one.

    Two applications behind one address: a webhook is proved by its signature, and must not pay for the sessions, limits
    and headers that pages need (they were a third of a turn).
    """
    import agent_console
    import ivr.register
    import operations.register
    from ivr.gate import Gate
    from ivr.line import open_telephone
    from operations.metrics import note_webhook

    line = telephone or open_telephone(config)
    webhooks = Flask("helpline.webhooks", static_folder=None)
    ivr.register.register(webhooks, line, note_webhook)
    operations.register.time_webhooks(webhooks)
    pages = Flask("helpline.pages", static_folder=None)
    agent_console.register(pages, line)
    operations.register.register(pages)
    gate = Gate()
    line.store.before_waiting = gate.leave
    pages.wsgi_app = Divided(webhooks.wsgi_app, pages.wsgi_app, gate)  # type: ignore[method-assign]  # as Flask's own guide does
    return pages


class Divided:
    """Sends what the telephone asks to one application, through its gate, and everything else to the other."""

    def __init__(self, webhooks: "WSGIApplication", pages: "WSGIApplication", gate: "Gate") -> None:
        self._webhooks = webhooks
        self._pages = pages
        self._gate = gate

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(("/voice/", "/sounds/")):
            return self._pages(environ, start_response)
        self._gate.enter()
        try:
            return self._webhooks(environ, start_response)
        finally:
            self._gate.leave()


def create_web() -> Flask:
    """What the web server calls in each of its processes."""
    from ivr.long_lived import keep_what_is_there
    from operations.logs import configure_logs

    config = Config.from_env()
    configure_logs(as_json=config.log_json)
    app = create_app(config)
    keep_what_is_there()
    return app


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, so that `helpline --help` stays quick."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; without a store, or with a bad setting, it ends in a plain sentence."""
        try:
            return super().invoke(ctx)
        except TablesBusy as error:
            raise click.ClickException(str(error)) from error
        except (StoreUnavailable, DBAPIError) as error:
            from operations.store_fault import MENDS, shape_of_store, tell_store_fault

            if isinstance(error, DBAPIError) and shape_of_store(ctx.obj) not in MENDS:
                raise  # a fault of ours
            raise click.ClickException(tell_store_fault(ctx.obj, str(error))) from error
        except (BadSetting, ShelfAway) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise  # it concerns no file
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: Any = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is no command")
        return command


@click.group(cls=LazyGroup)
@click.pass_context
def main(ctx: click.Context) -> None:
    """The call centre behind a Chief Minister's complaints number."""
    from operations.logs import configure_logs
    from operations.processes import die_with_parent

    die_with_parent()
    try:
        ctx.obj = Config.from_env()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error
    configure_logs(as_json=ctx.obj.log_json)


@main.command()
@click.argument("queues", nargs=-1, metavar="[QUEUE]...")
@click.pass_obj
def worker(config: Config, queues: tuple[str, ...]) -> None:
    """Do the jobs of these queues, an earlier one first; without any, those of all.

    codes, texts: one-time codes and texts to be sent. recordings: talks to be fetched and deleted; such a job may take
    minutes, so give them a process of their own.
    """
    from ivr.queues import WATCHED
    from worker import work

    for name in queues:
        if name not in WATCHED:
            raise click.BadParameter(f"there is no queue {name!r}. There are: {', '.join(WATCHED)}.")
    work(config, queues or WATCHED)


@main.command()
@click.pass_obj
def router(config: Config) -> None:
    """Pair callers with representatives, send due commands, sweep. Several may run; one leads."""
    from worker import route

    route(config)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def emulator(config: Config, options: tuple[str, ...]) -> None:
    """Run the local Twilio, set up for this line. More options: helpline emulator --help."""
    from ivr.emulator.command import emulator as command
    from operations.approved_texts import approved_file

    ours = {
        "--bind": (config.emulator_url or "http://127.0.0.1:8002").partition("//")[2],
        "--account-sid": config.twilio_account_sid,
        "--auth-token": config.twilio_auth_token,
        "--api-key": config.twilio_api_key,
        "--api-secret": config.twilio_api_secret,
        "--number": config.helpline_number,
        "--voice-url": f"{config.public_url}/voice/incoming",
        "--status-url": f"{config.public_url}/voice/calls/status",
        "--app-sid": config.twilio_app_sid,
        "--app-voice-url": f"{config.public_url}/voice/legs",
        "--app-status-url": f"{config.public_url}/voice/legs/status",
        "--desk-url": f"{config.public_url}/desk",
        "--voice-bind": (config.local_voice_url or "").partition("//")[2],
        "--voice-folder": str(config.data_dir / "secrets"),
        "--speak-command": shlex.join([sys.executable, "-m", "audio.speak"]),
    }
    if approved_file(config).exists():  # before `helpline prepare` no text is known, and all pass
        ours["--templates"] = str(approved_file(config))
    arguments = [part for name, value in ours.items() for part in (name, value)]
    command.main([*arguments, *options], prog_name="helpline emulator")


if __name__ == "__main__":
    main()
