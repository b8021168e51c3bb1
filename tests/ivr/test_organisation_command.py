"""The register of offices at the shell: looked at first, refused as a whole, taken in, and given out."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.calendars import set_calendars
from ivr.publishing import SHIPPED
from models.complaint import Complaint
from models.posting import Posting
from models.store import Store
from tests.ivr.test_command import Runner
from tests.models.cases import FIELD, lay_people, who
from tests.models.desk_kit import register

HEADING = "office,login,duty,from,until\n"


@pytest.fixture
def run(store_url: str, tmp_path: Path) -> Runner:
    return Runner(store_url, tmp_path)


def test_preview_refusal_and_taking_in(run: Runner, store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    set_calendars(store, Path(SHIPPED, "calendars.yaml").read_text(encoding="utf-8"), by="test", now=now)
    store.transact(lay_people)

    def leave(session: Session) -> None:
        register(session, now)
        own = Posting.office_code == FIELD
        session.execute(update(Posting).where(own).values(until_on=date(2026, 1, 2)))

    store.transact(leave)
    file = tmp_path / "postings.csv"
    good = f"{FIELD},rafiq,head,2026-02-01,\n"
    file.write_text(HEADING + good + f"{FIELD},nobody,head,2026-02-01,\n", encoding="utf-8")
    shown = run("organisation", "import", str(file), "--preview")
    assert 'postings, line 3, login: nobody with the role officer has the login "nobody"' in shown.output
    assert f"new rafiq at {FIELD}" in shown.output
    assert "1 good rows: 1 new, 0 changed, 0 as they are. 1 bad rows." in shown.output
    refused = run("organisation", "import", str(file))
    assert (refused.exit_code, "Nothing was written" in refused.output) == (1, True)
    with store.session() as session:
        assert session.scalars(select(Posting.from_on).where(Posting.from_on == date(2026, 2, 1))).all() == []
    taken = run("organisation", "import", str(file), "--skip-bad", "--by", "ops")
    assert "Written. 1 open cases have another office or officer." in taken.output
    with store.session() as session:
        assert session.scalars(select(Complaint.officer_id)).one() == who(session, "rafiq", now).staff_id


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv"])
def test_what_is_given_out_comes_back_as_it_was(run: Runner, store: Store, tmp_path: Path, name: str) -> None:
    store.transact(lay_people)
    file = tmp_path / name
    assert "7 postings in the register." in run("organisation", "export", str(file)).output
    shown = run("organisation", "import", str(file), "--preview")
    assert "0 new, 0 changed" in shown.output
    assert "0 bad rows." in shown.output


def test_a_file_of_something_else(run: Runner, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    told = run("organisation", "import", str(file))
    assert (told.exit_code, "must name these columns" in told.output) == (1, True)
