"""What a caller's From may look like."""

import pytest

from ivr.numbers import identify


@pytest.mark.parametrize(
    ("raw", "number", "kind"),
    [
        ("+919830012345", "+919830012345", "mobile"),
        ("919830012345", "+919830012345", "mobile"),
        ("9830012345", "+919830012345", "mobile"),
        ("09830012345", "+919830012345", "mobile"),
        ("+913322145000", "+913322145000", "landline"),
        ("033 2214 5000", "+913322145000", "landline"),
        ("+14158675309", "+14158675309", "foreign"),
        ("anonymous", None, "withheld"),
        ("Restricted", None, "withheld"),
        ("", None, "withheld"),
        ("client:staff-7", None, "withheld"),
        ("112", None, "withheld"),
        ("+910000000000", None, "withheld"),
    ],
)
def test_a_caller_is_a_number_or_nobody(raw: str, number: str | None, kind: str) -> None:
    caller = identify(raw)
    assert (caller.number, caller.kind, caller.raw) == (number, kind, raw)
