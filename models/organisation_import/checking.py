"""Each row of the sheets against the rules of the register, and against the other rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.office import HIGHEST, LOWEST
from models.organisation_import.sheets import Name, Row, Sheets
from models.posting import DUTIES

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_YES = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken. `column` and `value` are what is wrong; `code` names the rule."""

    sheet: Name
    line: int
    column: str
    value: str
    code: str

    def __str__(self) -> str:
        return f"{self.sheet}, line {self.line}, {self.column}: {TOLD[self.code].format(value=self.value)}"


TOLD = {
    "bad_code": '"{value}" is no code: small letters, digits, "-" and "_"',
    "twice": '"{value}" stands here for the second time',
    "no_department": 'there is no department "{value}"',
    "bad_level": '"{value}" is no level: 1 field, 2 district, 3 head of department, 4 secretary',
    "no_name": "an office needs an English name",
    "no_place": 'there is no place "{value}"',
    "no_parent": 'there is no office "{value}", neither in the register nor here',
    "parent_not_above": '"{value}" is not of a higher level',
    "below_not_lower": '"{value}", which lies below it, is not of a lower level',
    "below_elsewhere": '"{value}", which lies below it, belongs to another department',
    "parent_elsewhere": '"{value}" belongs to another department',
    "bad_yes": '"{value}" is neither yes nor no',
    "no_office": 'there is no office "{value}", neither in the register nor here',
    "no_officer": 'nobody with the role officer has the login "{value}"',
    "bad_duty": '"{value}" is no duty: ' + ", ".join(DUTIES),
    "bad_date": '"{value}" is no day such as 2026-12-31',
    "ends_first": '"{value}" lies before its first day',
}


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office as the file wants it."""

    code: str
    department: str
    level: int
    names: Mapping[str, str]
    place: str | None
    parent: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting as the file wants it."""

    office: str
    staff_id: int
    login: str
    duty: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already. Offices: code -> (department, level, parent); officers: login -> id."""

    departments: frozenset[str]
    places: frozenset[str]
    offices: Mapping[str, tuple[str, int, str | None]]
    officers: Mapping[str, int]


@dataclass(slots=True)
class Checked:
    """The rows that can be taken, and the faults of those that cannot."""

    offices: list[OfficeLine] = field(default_factory=list)
    postings: list[PostingLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_sheets(sheets: Sheets, known: Known) -> Checked:
    """Every row by itself, then each against the offices that there will be.

    A row that hangs on a bad one is bad too: nothing is written that refers to nothing.
    """
    checked = Checked()
    good: dict[str, tuple[Row, OfficeLine]] = {}
    for row in sheets.get("offices", ()):
        faults = list(_office_faults(row, known))
        if not faults and row["code"] in good:
            faults = [_fault("offices", row, "code", "twice")]
        checked.faults += faults
        if not faults:
            good[row["code"]] = row, _office(row)
    while loose := [*_tree_faults(good, known)]:
        checked.faults += loose
        bad = {fault.line for fault in loose}
        good = {code: one for code, one in good.items() if one[0].line not in bad}
    checked.offices = sorted((line for _, line in good.values()), key=lambda line: (-line.level, line.code))
    seen: set[tuple[str, str, str, str]] = set()
    for row in sheets.get("postings", ()):
        faults = list(_posting_faults(row, known, good))
        key = (row["office"], row["login"], row["duty"], row["from"])
        if not faults and key in seen:
            faults = [_fault("postings", row, "login", "twice")]
        seen.add(key)
        checked.faults += faults
        if not faults:
            checked.postings.append(_posting(row, known))
    checked.faults.sort(key=lambda fault: (fault.sheet, fault.line))
    return checked


def _office_faults(row: Row, known: Known) -> Iterator[Fault]:
    if not _CODE.fullmatch(row["code"]):
        yield _fault("offices", row, "code", "bad_code")
    if row["department"] not in known.departments:
        yield _fault("offices", row, "department", "no_department")
    if not (row["level"].isascii() and row["level"].isdecimal() and LOWEST <= int(row["level"]) <= HIGHEST):
        yield _fault("offices", row, "level", "bad_level")
    if not row["name_en"]:
        yield _fault("offices", row, "name_en", "no_name")
    if row["place"] and row["place"] not in known.places:
        yield _fault("offices", row, "place", "no_place")
    if row["active"].lower() not in _YES:
        yield _fault("offices", row, "active", "bad_yes")


def _tree_faults(good: Mapping[str, tuple[Row, OfficeLine]], known: Known) -> Iterator[Fault]:
    """Against the offices above in the tree, and against those below that stay as they are."""
    for row, line in good.values():
        yield from _parent_faults(row, line, good, known)
    for code, (department, level, parent) in known.offices.items():
        if code in good or parent is None or parent not in good:
            continue
        row, above = good[parent]
        if above.department != department:
            yield Fault("offices", row.line, "department", code, "below_elsewhere")
        elif above.level <= level:
            yield Fault("offices", row.line, "level", code, "below_not_lower")


def _parent_faults(
    row: Row, line: OfficeLine, good: Mapping[str, tuple[Row, OfficeLine]], known: Known
) -> Iterator[Fault]:
    if line.parent is None:
        return
    if line.parent in good:
        above = good[line.parent][1]
        department, level = above.department, above.level
    elif line.parent in known.offices:
        department, level, _ = known.offices[line.parent]
    else:
        yield _fault("offices", row, "parent", "no_parent")
        return
    if department != line.department:
        yield _fault("offices", row, "parent", "parent_elsewhere")
    elif level <= line.level:
        yield _fault("offices", row, "parent", "parent_not_above")


def _posting_faults(row: Row, known: Known, good: Mapping[str, object]) -> Iterator[Fault]:
    if row["office"] not in known.offices and row["office"] not in good:
        yield _fault("postings", row, "office", "no_office")
    if row["login"].lower() not in known.officers:
        yield _fault("postings", row, "login", "no_officer")
    if row["duty"].lower() not in DUTIES:
        yield _fault("postings", row, "duty", "bad_duty")
    begins, ends = _day(row["from"]), _day(row["until"])
    if begins is None:
        yield _fault("postings", row, "from", "bad_date")
    if row["until"] and ends is None:
        yield _fault("postings", row, "until", "bad_date")
    if begins is not None and ends is not None and ends < begins:
        yield _fault("postings", row, "until", "ends_first")


def _office(row: Row) -> OfficeLine:
    names = {language: row[f"name_{language}"] or row["name_en"] for language in ("bn", "en", "hi")}
    return OfficeLine(
        code=row["code"],
        department=row["department"],
        level=int(row["level"]),
        names=names,
        place=row["place"] or None,
        parent=row["parent"] or None,
        active=_YES[row["active"].lower()],
    )


def _posting(row: Row, known: Known) -> PostingLine:
    login = row["login"].lower()
    begins = date.fromisoformat(row["from"])
    return PostingLine(row["office"], known.officers[login], login, row["duty"].lower(), begins, _day(row["until"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _fault(sheet: Name, row: Row, column: str, code: str) -> Fault:
    return Fault(sheet, row.line, column, row[column], code)


def lines_of(faults: Sequence[Fault]) -> int:
    """How many rows are bad."""
    return len({(fault.sheet, fault.line) for fault in faults})
