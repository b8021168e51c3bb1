"""The record of a complaint: nobody changes it, and whoever gets round that is noticed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.errors import TamperedRecord
from models.record import verify_chain
from models.store import Store
from tests.models.desk_kit import lay_office, register


@pytest.fixture
def complaint_id(store: Store) -> int:
    store.transact(lay_office)
    return store.transact(register).id


@pytest.mark.parametrize(
    "act", ["UPDATE complaint_event SET actor = 'nobody'", "DELETE FROM complaint_event WHERE n = 2"]
)
def test_database_refuses_to_change_it(store: Store, complaint_id: int, act: str) -> None:
    with pytest.raises(IntegrityError, match="only added to"):
        store.write(lambda connection: connection.execute(text(act)))


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE complaint_event SET actor = 'nobody' WHERE n = 1",
        """UPDATE complaint_event SET data = '{"due_on":"2027-01-01"}' WHERE n = 1""",
        "DELETE FROM complaint_event WHERE n = 2",
        "DELETE FROM complaint_event WHERE n = 1",
    ],
)
def test_tampering_is_noticed(sqlite_store: Store, act: str) -> None:
    sqlite_store.transact(lay_office)
    made = sqlite_store.transact(register)

    def tamper(session: Session) -> None:
        for name in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER complaint_event_{name}"))
        session.execute(text(act))

    sqlite_store.transact(tamper)
    with sqlite_store.session() as session, pytest.raises(TamperedRecord):
        verify_chain(session, session.get_one(Complaint, made.id))


def test_whole_record_holds(store: Store, complaint_id: int) -> None:
    with store.session() as session:
        assert verify_chain(session, session.get_one(Complaint, complaint_id)) == 2
