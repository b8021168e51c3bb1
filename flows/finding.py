"""What is wrong, or may be, with the files of a flow: one plain sentence at one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flows.flow import Place

# Root causes first: what stands earlier here may be the reason for what stands later.
_ORDER = [
    "E01",
    "E02",
    "E06",
    "E03",
    "E17",
    "E09",
    "E10",
    "E08",
    "E05",
    "E07",
    "E13",
    "E04",
    "E11",
    "E12",
    "E18",
    "E16",
    "E14",
    "E15",
    "E19",
    "W01",
    "W03",
    "W09",
    "W08",
    "W13",
    "W06",
    "W07",
    "W05",
    "W11",
    "W10",
    "W12",
    "W02",
    "W04",
]
_RANK = {code: rank for rank, code in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One message of the checker. `str()` gives `file:line:column: error E04: sentence`."""

    place: Place
    code: str
    text: str

    @property
    def severity(self) -> Literal["error", "warning"]:
        """Errors keep a flow from being published, warnings do not."""
        return "error" if self.code.startswith("E") else "warning"

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}:{self.place.column}: {self.severity} {self.code}: {self.text}"


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Root causes first, then by place; what is said twice is said once."""
    return sorted(set(findings), key=lambda finding: (_RANK[finding.code], finding.place, finding.text))
