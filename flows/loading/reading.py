"""All files of a source read into one draft."""

from functools import partial

from flows.flow import Flow, Place
from flows.loading.catalogue import catalogue_file, read_catalogue
from flows.loading.declarations import BOARDS, LOOK_UPS, QUEUES, read_boards, read_look_ups, read_queues
from flows.loading.draft import Draft
from flows.loading.duplicates import find_duplicates
from flows.loading.flow_file import read_flow_file
from flows.loading.parts import expand_runs
from flows.nodes import Node, read_nodes
from flows.source import Source, content_hash
from flows.takes import read_takes


def read_draft(name: str, source: Source, calendars: frozenset[str] | None) -> Draft:
    """What can be understood of a flow, with everything that is wrong about the words of its files."""
    draft = Draft(name, calendars=calendars)
    flow_node = read_tree(draft, source, draft.file)
    look_ups, queues, boards = (read_tree(draft, source, file) for file in (LOOK_UPS, QUEUES, BOARDS))
    draft.look_ups = read_look_ups(draft, look_ups)
    draft.queues = read_queues(draft, queues)
    draft.boards = read_boards(draft, boards)
    if draft.file not in source:
        draft.report(Place(draft.file, 1, 1), "E01", f'there is no file "{draft.file}". Without it there is no flow.')
    elif flow_node is None and draft.file not in draft.unread:
        draft.report(Place(draft.file, 1, 1), "E01", "this file is empty. Without steps there is nothing to hear.")
    elif flow_node is not None:
        read_flow_file(draft, flow_node)
        expand_runs(draft, partial(_read_part, source, (name,)))
        _read_catalogues(draft, source)
    return draft


def _read_part(source: Source, running: tuple[str, ...], runner: Draft, name: str) -> Draft | None:
    """A flow that another one runs: keys that work everywhere, home and person are the runner's."""
    node = next(run for run in runner.runs.values() if run.flow == name)
    if name in running:
        circle = " -> ".join((*running[running.index(name) :], name))
        runner.report(node.at, "E14", f"flows run each other, and a caller would go round for ever: {circle}")
        return None
    part = Draft(name, calendars=runner.calendars, runner=runner)
    part.look_ups, part.queues, part.boards = runner.look_ups, runner.queues, runner.boards
    if part.file not in source:
        runner.report(node.at, "E07", f'there is no flow "{name}" to run: no file is called {part.file}.')
        return None
    tree = read_tree(part, source, part.file)
    if tree is None:
        runner.findings += part.findings
        runner.unread |= part.unread
        return None
    read_flow_file(part, tree)
    if not part.results:
        sentence = f'"{name}" does not say in which results it ends. Callers would never come back from it.'
        runner.report(node.at, "E04", f"{sentence} Write results: [done] in the head of {part.file}.")
        return None
    expand_runs(part, partial(_read_part, source, (*running, name)))
    for language in runner.languages:
        if language not in part.languages:
            sentence = f'"{name}" is not offered in "{language}", in which callers may come to it.'
            runner.report(node.at, "E11", f"{sentence} Add the language to {part.file}.")
    return part


def read_tree(draft: Draft, source: Source, file: str) -> Node | None:
    """The tree of a file, None if it is missing, empty or unreadable (the last is reported)."""
    if file not in source:
        return None
    node, findings = read_nodes(file, source[file])
    if findings:
        draft.unread.add(file)
    draft.findings += findings
    draft.findings += find_duplicates(node)
    return node


def _read_catalogues(draft: Draft, source: Source) -> None:
    for language in draft.languages:
        file = catalogue_file(language)
        if file not in source:
            at = draft.languages_at or Place(draft.file, 1, 1)
            sentence = f'there is no file "{file}". Callers who choose that language would hear nothing. Add the file,'
            draft.report(at, "E11", f'{sentence} or take "{language}" out of the languages.')
            draft.unread.add(file)
            continue
        node = read_tree(draft, source, file)
        catalogue = None if file in draft.unread else read_catalogue(draft, language, node)
        if catalogue:
            draft.catalogues[language] = catalogue
        else:
            draft.unread.add(file)


def compile_flow(draft: Draft, source: Source) -> Flow:
    """The compiled form of a draft without errors."""
    return Flow(
        name=draft.name,
        version=content_hash(source),
        title=draft.title,
        languages=draft.languages,
        written_in=draft.written_in,
        start=draft.start,
        home=draft.home,
        person=draft.person,
        defaults=draft.defaults,
        keys_everywhere=draft.keys_everywhere,
        notes=draft.notes,
        steps=draft.steps,
        catalogues=draft.catalogues,
        look_ups=draft.look_ups,
        queues=draft.queues,
        approved=draft.approved,
        approved_under=draft.approved_under,
        takes=read_takes(source),
    )
