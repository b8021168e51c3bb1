"""All files of a source read into one draft."""

from flows.flow import Flow, Place
from flows.loading.catalogue import catalogue_file, read_catalogue
from flows.loading.declarations import BOARDS, LOOK_UPS, QUEUES, read_boards, read_look_ups, read_queues
from flows.loading.draft import Draft
from flows.loading.duplicates import find_duplicates
from flows.loading.flow_file import read_flow_file
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
        _read_catalogues(draft, source)
    return draft


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
