"""Seeds: complete in three languages, and laid once."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.category import Category
from models.department import Department
from models.place import PlaceRow
from models.seed import CATEGORIES, DEPARTMENTS, DISTRICTS, seed
from models.store import Store
from tests.models.desk_kit import FRIDAY


def test_west_bengal_has_23_districts() -> None:
    assert len(DISTRICTS) == 23


def test_names_in_three_languages() -> None:
    named = [*DEPARTMENTS.values(), *DISTRICTS.values(), *(names for _, names, _, _ in CATEGORIES)]
    for names in named:
        assert set(names) == {"bn", "en", "hi"}
        assert all(names.values())
        assert names["en"].isascii()
        assert not names["bn"].isascii()
        assert not names["hi"].isascii()


def test_laid_once_and_changes_stay(store: Store) -> None:
    assert store.transact(lambda session: seed(session, FRIDAY)) > 30

    def rename(session: Session) -> None:
        session.get_one(Department, "food").names = {"bn": "ক", "en": "Food", "hi": "क"}

    store.transact(rename)
    assert store.transact(lambda session: seed(session, FRIDAY)) == 0
    with store.session() as session:
        assert session.get_one(Department, "food").names["en"] == "Food"
        assert session.scalar(select(func.count()).select_from(PlaceRow)) == 25
        codes = session.scalars(select(Category.code).order_by(Category.position)).all()
        assert codes == ["ration", "health", "local_body", "police", "bribery", "other"]
