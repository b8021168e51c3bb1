"""Every shipped office has its name in every language of the state."""

import re

import pytest

from models.office_names import OFFICE_NAMES, office_in, office_name
from models.seed import RULES
from models.store import Store
from tests.models.cases import FIELD, lay_people

SCRIPTS = {"bn": r"[ঀ-৿]", "hi": r"[ऀ-ॿ]", "en": r"[A-Z]"}


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_shipped_office_has_a_name_in(language: str) -> None:
    named = {office: office_in(office, language) for *_, office in RULES}
    assert [office for office, name in named.items() if not re.match(SCRIPTS[language], name)] == []
    assert set(OFFICE_NAMES) == set(named)


def test_an_office_that_somebody_entered_is_shown_as_it_is() -> None:
    assert office_in("BDO, Arambag", "bn") == "BDO, Arambag"


def test_an_office_of_a_case_is_named_in_the_readers_language(store: Store) -> None:
    store.transact(lay_people)
    with store.session() as session:
        assert office_name(session, FIELD, "", "hi") == "खाद्य एवं आपूर्ति निरीक्षक, हुगली"
