"""Reports: the numbers of the definitions on the page and in files that spreadsheet programs read."""

import csv
import io
from datetime import date, timedelta
from random import Random

import pytest
from openpyxl import Workbook, load_workbook

from agent_console.periods import begin_of
from agent_console.report import COLUMNS, Period, read_rows
from agent_console.table_files import text_cell
from models.figures import total_of
from models.figures_query import DAY, read_figures
from tests.agent_console.desk_in_test import Desk
from tests.models.day_in_test import MIDNIGHT, random_day, write_day

TODAY = "2026-03-02"  # the day of `random_day`, and of the desk's clock


@pytest.fixture
def filled(desk: Desk) -> Desk:
    write_day(desk.store, random_day(Random(5), 150))
    desk.employ("boss", "supervisor")
    return desk


def test_the_page_shows_the_figures_of_the_day(filled: Desk) -> None:
    shown = " ".join(filled.client("boss").get("/desk/reports", since=TODAY, until=TODAY).text.split())
    with filled.store.read() as connection:
        found = read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, DAY, filled.clock.now())
    figures = total_of(list(found.values()))
    assert figures.service_level is not None
    assert f'<td data-head="Service level" class="number">{figures.service_level * 100:.0f}%</td>' in shown
    assert f'<td data-head="In the queue" class="number">{figures.queued}</td>' in shown
    assert "Mon 2 Mar 2026" in shown


def test_digits_are_those_of_the_screen_on_the_page_and_plain_in_files(filled: Desk) -> None:
    filled.employ("mina", "supervisor", screen="bn")
    browser = filled.client("mina")
    assert "সোম ২ মার্চ ২০২৬" in browser.get("/desk/reports", since=TODAY, until=TODAY).text
    file = browser.get("/desk/reports/helpline.csv", since=TODAY, until=TODAY)
    assert "2026-03-02" in file.text
    assert "পরিষেবার মান" in file.text


def test_csv_opens_in_spreadsheet_programs_and_holds_each_language(filled: Desk) -> None:
    answer = filled.client("boss").get("/desk/reports/helpline.csv", since=TODAY, until=TODAY, every="hour")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="helpline-{TODAY}-{TODAY}-hour.csv"'
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:5] == ["Day", "From", "Language", "In the queue", "Answered"]
    together = sum(int(line[3]) for line in lines if line[2] == "All languages")
    apart = sum(int(line[3]) for line in lines if line[2] != "All languages")
    with filled.store.read() as connection:
        found = read_figures(connection, MIDNIGHT, MIDNIGHT + DAY, DAY, filled.clock.now())
    assert together == apart == total_of(list(found.values())).queued


def test_the_workbook_holds_the_same_numbers_as_numbers(filled: Desk) -> None:
    browser = filled.client("boss")
    asked = {"since": TODAY, "until": TODAY, "every": "hour"}
    lines = list(csv.reader(io.StringIO(browser.get("/desk/reports/helpline.csv", **asked).data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(browser.get("/desk/reports/helpline.xlsx", **asked).data)).active
    assert sheet is not None
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [[_plain(cell) for cell in row] for row in rows] == [[_plain(cell) for cell in line] for line in lines]
    assert sheet.cell(2, 4).data_type == "n"


def _plain(cell: str) -> str:
    try:
        return f"{float(cell):g}"
    except ValueError:
        return cell


def test_a_text_with_an_equals_sign_is_no_formula() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("x")
    sheet.append([text_cell(sheet, "=1+1"), text_cell(sheet, "plain")])
    file = io.BytesIO()
    book.save(file)
    read = load_workbook(file).active
    assert read is not None
    cell = read.cell(1, 1)
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_long_reports_are_read_a_week_at_a_time_and_add_up(filled: Desk) -> None:
    period = Period(date(2026, 2, 20), date(2026, 3, 12), "day")
    rows = list(read_rows(filled.store, period, filled.clock.now(), ("",)))
    with filled.store.read() as connection:
        start, end = begin_of(period.since), begin_of(period.until + timedelta(days=1))
        whole = total_of(list(read_figures(connection, start, end, DAY, filled.clock.now()).values()))
    assert total_of([row.figures for row in rows]) == whole
    assert [row.begins for row in rows] == sorted(row.begins for row in rows)


@pytest.mark.parametrize(("every", "days"), [("quarter", 31), ("hour", 92), ("day", 731)])
def test_too_long_a_time_is_refused_with_the_mend(filled: Desk, every: str, days: int) -> None:
    browser, since = filled.client("boss"), date(2024, 1, 1)
    fits = (since + timedelta(days=days - 1)).isoformat()
    assert browser.get("/desk/reports", since=since.isoformat(), until=fits, every=every).status_code == 200
    more = (since + timedelta(days=days)).isoformat()
    for address in ("/desk/reports", "/desk/reports/helpline.csv", "/desk/reports/helpline.xlsx"):
        refused = browser.get(address, since=since.isoformat(), until=more, every=every)
        assert refused.status_code == 422
        assert f"at most {days} days" in refused.text


def test_a_time_without_calls_says_so(filled: Desk) -> None:
    shown = filled.client("boss").get("/desk/reports", since="2020-01-01", until="2020-01-02").text
    assert "Nobody called in this time." in shown
    assert "uPlot.min.css" in shown
    assert "<table" not in shown


def test_junk_dates_are_the_last_seven_days(filled: Desk) -> None:
    shown = filled.client("boss").get("/desk/reports", since="junk", until="x", every="y", language="z").text
    assert 'value="2026-02-24"' in shown
    assert f'value="{TODAY}"' in shown


def test_every_column_has_its_meaning_in_words() -> None:
    from agent_console.words import catalogue

    for column in COLUMNS:
        assert f"report.means.{column.name}" in catalogue("en")


def test_representatives_read_no_reports(filled: Desk) -> None:
    filled.employ("asha")
    assert filled.client("asha").get("/desk/reports").status_code == 403
