"""The operator's part of the `helpline` command line: start, prepare, serve, fill with demo data."""

import os
from pathlib import Path

import click

from config import Config
from operations.processes import AlreadyRunning, BadProcfile, refuse_taken_addresses, run_supervisor

ROOT = Path(__file__).parent.parent


@click.command()
@click.pass_obj
def up(config: Config) -> None:
    """Prepare what is missing, then run every process of the line until Ctrl-C."""
    from operations.preparing import prepare_line, tell_addresses

    addresses = {"desk": config.bind, "event stream": config.stream_bind}
    procfiles = [ROOT / "Procfile"]
    if config.emulator_url:
        addresses["phone"] = config.emulator_url.partition("//")[2]
        # First to start and last to stop: the others need them to the end.
        procfiles.insert(0, ROOT / "Procfile.local")
    try:
        refuse_taken_addresses(addresses)
        prepare_line(config)
        click.echo(tell_addresses(config))
        run_supervisor(iter(procfiles), folder=config.data_dir / "run")
    except (AlreadyRunning, BadProcfile) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.pass_obj
def prepare(config: Config) -> None:
    """Bring the database to the newest shape, seed it, publish the first menu, render what callers hear."""
    from operations.preparing import prepare_line

    prepare_line(config)


def _refuse_taken(addresses: dict[str, str]) -> None:
    """The server itself would only print where in its own code it stood."""
    try:
        refuse_taken_addresses(addresses)
    except AlreadyRunning as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.pass_obj
def web(config: Config) -> None:
    """Serve webhooks and pages."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    import agent_console  # noqa: F401  (before the processes part, so that what is imported is imported once)
    from ivr.recent import sharing_calls

    _refuse_taken({"web process": config.bind})
    if config.web_workers > 1:
        folder = config.data_dir / "metrics"
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.db"):
            stale.unlink()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    host, _, port = config.bind.rpartition(":")
    server = Granian(
        "app:create_web",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=config.web_workers,
        blocking_threads=config.web_threads,
        backlog=2048,
        backpressure=2048,
        respawn_failed_workers=True,
        log_level=LogLevels.error,  # that it starts and listens, the line tells by itself
    )
    with sharing_calls(config.data_dir) as name:
        os.environ["HELPLINE_SHARED_CALLS"] = name
        server.serve()


@click.command()
@click.pass_obj
def stream(config: Config) -> None:
    """Serve the event streams of the desk."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _refuse_taken({"event stream": config.stream_bind})
    host, _, port = config.stream_bind.rpartition(":")
    Granian(
        "agent_console.stream:create_stream",
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.ASGI,
        backlog=4096,
        backpressure=20000,  # each open stream holds one place
        workers_kill_timeout=2,  # seconds; a stream is never done, and the pages come back by themselves
        respawn_failed_workers=True,
        log_level=LogLevels.error,  # that it starts and listens, the line tells by itself
    ).serve()


@click.command()
@click.pass_obj
def valkey(config: Config) -> None:
    """Run the embedded Valkey (single machine only; otherwise set REDIS_URL)."""
    from operations.local_services import NotLocal, run_valkey

    try:
        run_valkey(config.redis_url, config.data_dir)
    except NotLocal as error:
        raise click.ClickException(str(error)) from error


@click.command("demo-data")
@click.option("--yes", is_flag=True, help="Do not ask, even if there are complaints already.")
@click.pass_obj
def demo_data(config: Config, yes: bool) -> None:
    """Fill the store with a believable week of calls and complaints."""
    from operations.preparing import fill_with_demo_week

    fill_with_demo_week(config, yes=yes)


@click.command()
@click.pass_obj
def doctor(config: Config) -> None:
    """Say what is misconfigured for real Twilio, and how to mend it. Exits 1 when a call would fail."""
    from operations.doctor import examine

    findings = examine(config)
    for finding in findings:
        click.echo(f"{'ok   ' if finding.well else 'MEND '} {finding.what}: {finding.says}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)
