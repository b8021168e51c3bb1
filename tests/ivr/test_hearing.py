"""A machine that has never seen our prompts understands them, as the offline voice speaks them."""

import pytest

pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")

from tests.ivr.hearing import Ear, english_prompts, heard_otherwise

_MOST_MISHEARD = 0.05  # single names such as "May Day", and last words that are spoken softly


@pytest.mark.rest
def test_english_prompts_are_recognised() -> None:
    ear = Ear(english_prompts())
    assert len(ear.prompts) > 100
    otherwise = heard_otherwise(ear, ear.prompts, on_the_telephone=False)
    assert [said for said in otherwise if " press " in said] == []
    assert len(otherwise) <= _MOST_MISHEARD * len(ear.prompts), otherwise
