"""Reports of days gone by: a page with a chart and a table, and the same numbers as files."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from agent_console.guard import allow
from agent_console.periods import read_day, read_days
from agent_console.report import AT_MOST, COLUMNS, INTERVALS, Period, ReportRow, every_language, read_rows
from agent_console.report_files import csv_lines, xlsx_file
from agent_console.showing import count, day, hour, percent, stretch
from agent_console.surroundings import now, store
from agent_console.table_files import check_ending, send_csv, send_xlsx
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from models.figures import total_of

blueprint = Blueprint("reports", __name__)

_SHOWN_AS = {"count": count, "ratio": percent, "seconds": stretch}


@blueprint.get("/desk/reports")
@allow("supervisor", "admin")
def page() -> ResponseReturnValue:
    at = now()
    period, language = _period(at), _language()
    fault = _fault(period)
    rows = [] if fault else list(read_rows(store(), period, at, (language,)))
    with store().session() as session:
        shown = render_template(
            "desk/reports.html",
            **bar(session),
            period=period,
            language=language,
            presets=_presets(at),
            intervals=list(INTERVALS),
            columns=COLUMNS,
            rows=[_shown(row, period) for row in rows],
            total=_numbers_shown(ReportRow(at, language, total_of([row.figures for row in rows]))) if rows else [],
            chart=_chart(rows),
            fault=fault,
        )
    return shown, 422 if fault else 200


@blueprint.get("/desk/reports/helpline.<ending>")
@allow("supervisor", "admin")
def as_file(ending: str) -> ResponseReturnValue:
    """The report as CSV, sent while it is read, or as a workbook."""
    check_ending(ending)
    at = now()
    period = _period(at)
    if fault := _fault(period):
        return fault, 422, {"Content-Type": "text/plain; charset=utf-8"}
    name = f"helpline-{period.since.isoformat()}-{period.until.isoformat()}-{period.every}"
    rows = read_rows(store(), period, at, every_language())
    return send_csv(name, stream_with_context(csv_lines(rows))) if ending == "csv" else send_xlsx(name, xlsx_file(rows))


def _period(at: datetime) -> Period:
    """The days asked for, in order; without any, the last seven by day."""
    since, until = read_days(request.args, at, days_ago=6)
    every = request.args.get("every", "day")
    return Period(since, until, every if every in INTERVALS else "day")


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else ""


def _fault(period: Period) -> str:
    if not period.is_too_long:
        return ""
    return say("refused.report_too_long", n=AT_MOST[period.every], every=say(f"report.every.{period.every}"))


def _presets(at: datetime) -> list[tuple[str, dict[str, str]]]:
    """Stretches of time that people ask for most."""
    today = read_day(None, at)
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    chosen = (
        ("today", today, today, "hour"),
        ("yesterday", today - timedelta(days=1), today - timedelta(days=1), "hour"),
        ("week", today - timedelta(days=6), today, "day"),
        ("month", month, today, "day"),
        ("last_month", before, month - timedelta(days=1), "day"),
    )
    return [
        (name, {"since": since.isoformat(), "until": until.isoformat(), "every": every})
        for name, since, until, every in chosen
    ]


def _shown(row: ReportRow, period: Period) -> dict[str, Any]:
    when = day(row.begins) if period.every == "day" else f"{day(row.begins)}, {hour(row.begins)}"
    return {"when": when, "numbers": _numbers_shown(row)}


def _numbers_shown(row: ReportRow) -> list[str]:
    return [
        "–" if column.of_all and row.language else str(_SHOWN_AS[column.kind](column.value(row.figures)))
        for column in COLUMNS
    ]


def _chart(rows: list[ReportRow]) -> dict[str, list[float | None]]:
    """What the chart draws: columns of numbers, the time as seconds since 1970."""
    figures = [row.figures for row in rows]
    return {
        "at": [row.begins.timestamp() for row in rows],
        "queued": [one.queued for one in figures],
        "answered": [one.answered for one in figures],
        "abandoned": [one.abandoned for one in figures],
        "service_level": [one.service_level for one in figures],
    }
