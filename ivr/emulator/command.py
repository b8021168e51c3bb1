"""`helpline emulator`: the local telephone company."""

import asyncio
import contextlib
import shlex
from pathlib import Path

import click

from ivr.emulator.server import serve
from ivr.emulator.settings import Settings

_PREFIX = "EMULATOR"
_USUAL = Settings(bind="127.0.0.1:8002")


@click.command("emulator", context_settings={"auto_envvar_prefix": _PREFIX})
@click.option("--bind", default=_USUAL.bind, show_default=True, help="Address and port to listen on.")
@click.option("--account-sid", default=_USUAL.account_sid, show_default=True)
@click.option("--auth-token", default=_USUAL.auth_token, help="Signs webhooks and opens the REST API.")
@click.option("--api-key", default=_USUAL.api_key, show_default=True)
@click.option("--api-secret", default=_USUAL.api_secret, help="Signs the softphones' access tokens.")
@click.option("--number", default=_USUAL.number, show_default=True, help="The number that telephones dial.")
@click.option("--voice-url", default="", help="Asked when the number is called.")
@click.option("--fallback-url", default="", help="Asked when that fails. Default: the emulator's own bin.")
@click.option("--status-url", default="", help="Told when a call to the number ends.")
@click.option("--app-sid", default=_USUAL.app_sid, show_default=True, help="The TwiML App of softphones.")
@click.option("--app-voice-url", default="", help="Asked when a softphone calls out.")
@click.option("--app-status-url", default="", help="Told when a softphone's call ends.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="How many times faster than the wall time runs.",
)
@click.option("--virtual-clock", is_flag=True, help="Time stands still until POST /local/clock.")
@click.option("--webhook-seconds", default=_USUAL.webhook_seconds, show_default=True, help="Patience with one webhook.")
@click.option("--guard-recordings", is_flag=True, help="Show recordings only to the account.")
@click.option("--one-call-a-second", is_flag=True, help="Refuse faster outgoing calls with 20429.")
@click.option("--speak-command", default="", help="Console program that speaks <Say>: --language bn --out FILE.")
@click.option("--desk-url", default="", help="Where the phone page links to as the desk.")
@click.option("--voice-bind", default="", help="Address for browsers' voices (TLS). Default: none.")
@click.option("--voice-folder", default=_USUAL.voice_folder, help="Where the certificate for it is kept.")
@click.option("--templates", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
              help="File of approved texts for India, one a line, {#var#} for blanks.")  # fmt: skip
def emulator(virtual_clock: bool, speak_command: str, templates: Path | None, **options: str | float | bool) -> None:
    """Run a local Twilio: REST API, webhooks, telephones and softphones, with no account and no network."""
    lines = templates.read_text(encoding="utf-8").splitlines() if templates else []
    settings = Settings(
        virtual=virtual_clock,
        speak_command=tuple(shlex.split(speak_command)),
        templates=tuple(line for line in lines if line.strip()),
        **options,  # type: ignore[arg-type]  # click has checked each by its default
    )

    def tell(url: str, no_voice: str) -> None:
        click.echo(f"The phone is at {url}/ and dials {settings.number}.")
        if settings.voice_bind and no_voice:
            click.echo(f"Sound is not carried. {no_voice}", err=True)

    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(settings, tell))
    except OSError as error:
        raise click.ClickException(f"The emulator cannot listen on {settings.bind}: {error.strerror}.") from error
