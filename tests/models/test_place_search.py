"""Districts of West Bengal as people write them."""

import pytest

from models.place_search import find_places, romanised, skeleton
from models.seed import DISTRICTS, OUTSIDE, OUTSIDE_NAMES

PLACES = [*DISTRICTS.items(), (OUTSIDE, OUTSIDE_NAMES)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Hooghly", "hooghly"),
        ("hugli", "hooghly"),
        ("hoogly", "hooghly"),
        ("হুগলি", "hooghly"),
        ("हुगली", "hooghly"),
        ("हुगलि", "hooghly"),
        ("hoo", "hooghly"),
        ("calcutta", "kolkata"),
        ("kolkatta", "kolkata"),
        ("কোলকাতা", "kolkata"),
        ("कलकत्ता", "kolkata"),
        ("haora", "howrah"),
        ("howra", "howrah"),
        ("হাওড়া", "howrah"),
        ("koch bihar", "cooch_behar"),
        ("coochbehar", "cooch_behar"),
        ("darjiling", "darjeeling"),
        ("দার্জিলিং", "darjeeling"),
        ("maldah", "malda"),
        ("murshidabaad", "murshidabad"),
        ("mursidabad", "murshidabad"),
        ("nadiya", "nadia"),
        ("purulya", "purulia"),
        ("bankra", "bankura"),
        ("বাঁকুরা", "bankura"),
        ("jalpaigudi", "jalpaiguri"),
        ("জলপাইগুড়ি", "jalpaiguri"),
        ("24 parganas north", "north_24_parganas"),
        ("uttar 24 pargana", "north_24_parganas"),
        ("উত্তর 24 পরগণা", "north_24_parganas"),
        ("south 24 parganas", "south_24_parganas"),
        ("dakshin 24 pargana", "south_24_parganas"),
        ("paschim midnapore", "paschim_medinipur"),
        ("purba medinipore", "purba_medinipur"),
        ("purba burdwan", "purba_bardhaman"),
        ("uttar dinajpore", "uttar_dinajpur"),
        ("outside", "outside"),
        ("রাজ্যের বাইরে", "outside"),
    ],
)
def test_a_place_is_found_however_it_is_written(typed: str, code: str) -> None:
    found = find_places(PLACES, typed)
    assert found, typed
    assert found[0].code == code


@pytest.mark.parametrize("typed", ["", "x", "zzzz", "qwerty", "12"])
def test_what_is_no_place_is_none(typed: str) -> None:
    assert find_places(PLACES, typed) == []


@pytest.mark.parametrize("names", DISTRICTS.values())
def test_every_district_is_found_by_each_of_its_names(names: dict[str, str]) -> None:
    for name in names.values():
        assert find_places(PLACES, name)[0].likeness == 100


def test_scripts_sound_alike() -> None:
    assert romanised("কোচবিহার").startswith("ko")
    assert skeleton("হুগলি") == skeleton("Hugli") == skeleton("Hooghly") == skeleton("हुगली")
