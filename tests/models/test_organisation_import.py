"""The register of offices through a spreadsheet: back and forth unchanged, and each bad row named with its reason."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit_entry import AuditEntry
from models.office import Office
from models.organisation_import.checking import TOLD, Checked, check_sheets, lines_of
from models.organisation_import.sheets import COLUMNS, UnreadableSheet, read_sheets, write_csv, write_xlsx
from models.organisation_import.taking_in import (
    changes_of,
    office_rows,
    posting_rows,
    read_known,
    take_in,
)
from models.posting import Posting
from models.store import Store
from tests.models.cases import FIELD, MONDAY, lay_people

OFFICES = ",".join(COLUMNS["offices"])
POSTINGS = ",".join(COLUMNS["postings"])
BLOCK = "food-block-arambag,food,1,Food Inspector Arambag,,,hooghly,food-district-hooghly,yes"


@pytest.fixture
def office(store: Store) -> Store:
    store.transact(lay_people)
    return store


def checked(store: Store, *lines: str) -> Checked:
    with store.session() as session:
        return check_sheets(read_sheets("\n".join(lines).encode(), is_xlsx=False), read_known(session))


def faults(store: Store, *lines: str) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.code) for fault in checked(store, *lines).faults]


@pytest.mark.parametrize("is_xlsx", [False, True])
def test_what_is_exported_comes_back_as_it_was(office: Store, is_xlsx: bool) -> None:
    def rename(session: Session) -> None:
        session.get_one(Office, FIELD).names = {"bn": "=ক", "en": '=1+1, "quoted"\nand broken', "hi": "-क"}

    office.transact(rename)
    with office.session() as session:
        offices, postings = [*office_rows(session)], [*posting_rows(session)]
        known = read_known(session)
        if is_xlsx:
            sheets = read_sheets(write_xlsx({"offices": offices, "postings": postings}), is_xlsx=True)
        else:
            sheets = {
                **read_sheets(write_csv("offices", offices), is_xlsx=False),
                **read_sheets(write_csv("postings", postings), is_xlsx=False),
            }
        found = check_sheets(sheets, known)
        assert found.faults == []
        assert (len(found.offices), len(found.postings)) == (len(offices), 7)
        assert changes_of(session, found) == []


def test_new_and_changed_rows_and_nothing_else(office: Store) -> None:
    found = checked(office, OFFICES, BLOCK, f"{FIELD},food,1,Inspector,,,hooghly,food-district-hooghly,no")
    with office.session() as session:
        changes = changes_of(session, found)
        assert [(change.kind, change.name) for change in changes] == [("new", "food-block-arambag"), ("changed", FIELD)]
        assert changes[1].fields["active"] == (True, False)
        assert session.get(Office, "food-block-arambag") is None
    office.transact(lambda session: take_in(session, found, by="ops", now=MONDAY))
    with office.session() as session:
        assert session.get_one(Office, "food-block-arambag").names["bn"] == "Food Inspector Arambag"
        assert not session.get_one(Office, FIELD).active
        act = session.scalars(select(AuditEntry).where(AuditEntry.action == "offices_imported")).one()
        assert act.data == {"new": 1, "changed": 1}
        assert changes_of(session, found) == []


def test_postings_are_added_and_ended(office: Store) -> None:
    found = checked(office, POSTINGS, f"{FIELD},chitra,head,2026-01-01,2026-03-31", f"{FIELD},Rafiq,HEAD,2026-04-01,")
    assert found.faults == []
    changes = office.transact(lambda session: take_in(session, found, by="ops", now=MONDAY))
    assert [(change.kind, change.name) for change in changes] == [
        ("changed", f"chitra at {FIELD}"),
        ("new", f"rafiq at {FIELD}"),
    ]
    with office.session() as session:
        rows = session.scalars(select(Posting).where(Posting.office_code == FIELD, Posting.duty == "head"))
        assert [(row.from_on, row.until_on) for row in rows.all()] == [
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 4, 1), None),
        ]


BAD_OFFICES = [
    ("Big Office,food,1,X,,,,,", ("code", "bad_code")),
    (",food,1,X,,,,,", ("code", "bad_code")),
    ("a,fud,1,X,,,,,", ("department", "no_department")),
    ("a,food,5,X,,,,,", ("level", "bad_level")),
    ("a,food,0,X,,,,,", ("level", "bad_level")),
    ("a,food,one,X,,,,,", ("level", "bad_level")),
    ("a,food,১,X,,,,,", ("level", "bad_level")),
    ("a,food,1,,ক,,,,", ("name_en", "no_name")),
    ("a,food,1,X,,,atlantis,,", ("place", "no_place")),
    ("a,food,1,X,,,,nowhere,", ("parent", "no_parent")),
    ("a,food,1,X,,,,health-head,", ("parent", "parent_elsewhere")),
    ("a,food,2,X,,,,food-district-hooghly,", ("parent", "parent_not_above")),
    ("a,food,1,X,,,,a,", ("parent", "parent_not_above")),
    ("a,food,1,X,,,,,perhaps", ("active", "bad_yes")),
]
BAD_POSTINGS = [
    ("nowhere,chitra,head,2026-01-01,", ("office", "no_office")),
    (f"{FIELD},nobody,head,2026-01-01,", ("login", "no_officer")),
    (f"{FIELD},asha,head,2026-01-01,", ("login", "no_officer")),
    (f"{FIELD},chitra,boss,2026-01-01,", ("duty", "bad_duty")),
    (f"{FIELD},chitra,head,1 January,", ("from", "bad_date")),
    (f"{FIELD},chitra,head,,", ("from", "bad_date")),
    (f"{FIELD},chitra,head,2026-01-01,2026-02-30", ("until", "bad_date")),
    (f"{FIELD},chitra,head,2026-01-02,2026-01-01", ("until", "ends_first")),
]


def test_no_circle_can_be_made_by_lowering_an_office(office: Store) -> None:
    """The district would lie below its own field office, which is not in the file and stays as it is."""
    lowered = "food-district-hooghly,food,1,District,,,hooghly,food-head,yes"
    assert faults(office, OFFICES, lowered) == [(2, "level", "below_not_lower")]
    assert FIELD in str(checked(office, OFFICES, lowered).faults[0])
    moved = "food-district-hooghly,health,2,District,,,hooghly,health-head,yes"
    assert faults(office, OFFICES, moved) == [(2, "department", "below_elsewhere")]
    raised = f"{FIELD},food,2,Inspector,,,hooghly,food-head,yes"
    assert faults(office, OFFICES, lowered, raised) == []
    # A row that is bad itself leaves its office as it is.
    assert faults(office, OFFICES, lowered, f"{FIELD},food,1,,,,,,") == [
        (2, "level", "below_not_lower"),
        (3, "name_en", "no_name"),
    ]


@pytest.mark.parametrize(
    ("heading", "line", "expected"),
    [
        *((OFFICES, line, expected) for line, expected in BAD_OFFICES),
        *((POSTINGS, line, expected) for line, expected in BAD_POSTINGS),
    ],
)
def test_a_bad_row_is_named_with_its_reason(office: Store, heading: str, line: str, expected: tuple[str, str]) -> None:
    found = checked(office, heading, line)
    assert [(fault.line, (fault.column, fault.code)) for fault in found.faults] == [(2, expected)]
    assert (found.offices, found.postings) == ([], [])
    assert "line 2" in str(found.faults[0])


def test_every_reason_is_met_above() -> None:
    met = {code for _, (_, code) in [*BAD_OFFICES, *BAD_POSTINGS]}
    assert met | {"twice", "below_not_lower", "below_elsewhere"} == set(TOLD)


def test_good_rows_stay_good_beside_bad_ones_and_what_hangs_on_a_bad_one_is_bad(office: Store) -> None:
    lines = (
        OFFICES,
        BLOCK,
        BLOCK,
        "top,fud,4,Top,,,,,",
        "mid,food,3,Middle,,,,top,",
        "low,food,1,Low,,,,mid,",
        "",
        "new-top,health,4,Top,,,,,",
        "new-mid,health,3,Middle,,,,new-top,",
    )
    found = checked(office, *lines)
    assert [(fault.line, fault.code) for fault in found.faults] == [
        (3, "twice"),
        (4, "no_department"),
        (5, "no_parent"),
        (6, "no_parent"),
    ]
    assert lines_of(found.faults) == 4
    assert [line.code for line in found.offices] == ["new-top", "new-mid", "food-block-arambag"]
    office.transact(lambda session: take_in(session, found, by="ops", now=MONDAY))
    assert faults(office, POSTINGS, "new-mid,chitra,head,2026-01-01,", "new-mid,chitra,head,2026-01-01,") == [
        (3, "login", "twice")
    ]


def test_files_that_are_none_of_ours() -> None:
    for data, is_xlsx, told in (
        (b"", False, "must name these columns"),
        (b"name;code\n", False, "must name these columns"),
        (b"\xff\xfe\x00", False, "CSV UTF-8"),
        (b'code,department,level,name_en\n"open', False, "no CSV file"),
        (b"not a workbook", True, "no XLSX workbook"),
        (_book([("a", [COLUMNS["offices"]]), ("b", [COLUMNS["offices"]])]), True, "Two sheets hold offices"),
        (_book([("a", [("x",)])]), True, "the sheet a must name"),
    ):
        with pytest.raises(UnreadableSheet, match=told):
            read_sheets(data, is_xlsx=is_xlsx)


def test_a_spreadsheet_has_days_and_numbers_of_its_own(office: Store) -> None:
    day = datetime(2026, 4, 1)  # noqa: DTZ001  a cell has no zone
    book = _book(
        [
            ("o", [COLUMNS["offices"], ("x", "food", 1.0, "X", None, None, None, "food-head", True)]),
            ("p", [COLUMNS["postings"], ("x", "chitra", "head", day, None)]),
        ]
    )
    with office.session() as session:
        found = check_sheets(read_sheets(book, is_xlsx=True), read_known(session))
    assert found.faults == []
    assert (found.offices[0].level, found.postings[0].from_on) == (1, date(2026, 4, 1))


def _book(sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
