"""Why a line is no YAML, in words for whoever wrote it, with the likely mend."""

import yaml

from flows.finding import Finding
from flows.flow import Place

_BARE = {
    "*": 'A star has a special meaning here; write "star".',
    "#": 'A hash begins a remark; write "hash".',
    "&": 'The sign "&" has a special meaning here; put the words in quotation marks.',
    "%": 'The sign "%" has a special meaning here; put the words in quotation marks.',
    "@": 'The sign "@" has a special meaning here; put the words in quotation marks.',
    "`": "The sign ` has a special meaning here; put the words in quotation marks.",
    "!": 'The sign "!" has a special meaning here; put the words in quotation marks.',
    "\t": "Indent with spaces, not with the tab key.",
}


def explain_error(file: str, text: str, error: yaml.MarkedYAMLError) -> Finding:
    """A parser error as E01, at the place that a person has to look at."""
    mark, mend = _locate(text, error)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    return Finding(place, "E01", f"this line cannot be read. {mend}")


def _locate(text: str, error: yaml.MarkedYAMLError) -> tuple[yaml.Mark | None, str]:
    problem, context = error.problem or "", error.context or ""
    if _is_indented_by_tab(text, error.problem_mark):
        return error.problem_mark, _BARE["\t"]
    if "alias" in context or "anchor" in context:
        # The sign itself is where the alias began; the problem is one character further on.
        return error.context_mark, _BARE["*" if "alias" in context else "&"]
    if "quoted scalar" in context:
        return error.context_mark, "A quotation mark is opened here and never closed."
    if "flow sequence" in context:
        return error.context_mark, 'A "[" is opened here and its "]" is missing, or a comma between two words.'
    if "flow mapping" in context:
        return error.context_mark, 'A "{" is opened here and its "}" is missing, or a comma between two words.'
    if "mapping values" in problem:
        return error.problem_mark, "A colon has a special meaning here; put the words in quotation marks."
    mark = error.problem_mark
    sign = _line_of(text, mark)[mark.column : mark.column + 1] if mark else ""
    if "cannot start any token" in problem and sign in _BARE:
        return mark, _BARE[sign]
    if "could not find expected ':'" in problem:
        return error.context_mark or mark, "Here a word stands alone; a colon is missing after it."
    if "block mapping" in context or "block collection" in context:
        return mark, _indented(text, mark)
    return mark, "Look for a missing colon, quotation mark or bracket on this line or the one before."


def _is_indented_by_tab(text: str, mark: yaml.Mark | None) -> bool:
    line = _line_of(text, mark)
    return "\t" in line[: len(line) - len(line.lstrip())]


def _indented(text: str, mark: yaml.Mark | None) -> str:
    line = _line_of(text, mark)
    before = line[: mark.column] if mark else ""
    if before.rstrip().endswith(("}", "]", '"', "'")):
        return "Something follows a closing bracket or quotation mark; put all of the words in quotation marks."
    return "It does not begin in the same column as its neighbours. Indent it by spaces like the lines around it."


def _line_of(text: str, mark: yaml.Mark | None) -> str:
    lines = text.split("\n")
    return lines[mark.line] if mark and mark.line < len(lines) else ""


def explain_feature(feature: str, name: str | None) -> str:
    """Why a feature of YAML that the menu language leaves out cannot be used."""
    if feature == "alias":
        return f'this line cannot be read. A star has a special meaning here; write "star", or "{name}" without it.'
    if feature == "anchor":
        return f'this line cannot be read. The sign "&" before "{name}" has a special meaning here; leave it out.'
    if feature == "tag":
        return 'this line cannot be read. The sign "!" has a special meaning here; put the words in quotation marks.'
    if feature == "document":
        return 'this line cannot be read. A line "---" begins a second file; one file holds one flow.'
    return "this line cannot be read. Only a single word can stand before a colon; put words with braces in quotes."
