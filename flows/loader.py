"""A flow from its files: the only way in which calls get one."""

from collections.abc import Sequence
from functools import lru_cache

from flows.check import check_errors
from flows.finding import Finding, sort_findings
from flows.flow import Flow
from flows.loading.reading import compile_flow, read_draft
from flows.source import Source, content_hash, read_source

__all__ = ["BrokenFlow", "Source", "content_hash", "load_flow", "read_source"]


class BrokenFlow(ValueError):
    """The files have errors: no call can be led through them. `findings` says what and where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))


def load_flow(name: str, source: Source) -> Flow:
    """Compile the flow `name` from its files. Raises BrokenFlow when it has errors."""
    return _load(name, tuple(source.items()))


# The same files are loaded when they are checked, when they are published and when the first call is led through them.
@lru_cache(maxsize=4)
def _load(name: str, files: tuple[tuple[str, str], ...]) -> Flow:
    source = dict(files)
    draft = read_draft(name, source, calendars=None)
    if draft.file not in draft.unread and draft.languages:
        check_errors(draft, source, ())
    if draft.has_errors():
        raise BrokenFlow([finding for finding in sort_findings(draft.findings) if finding.severity == "error"])
    return compile_flow(draft, source)
