"""Every fixed unit of a flow: what can be rendered to sound ahead of the calls."""

from collections.abc import Iterator, Mapping

from flows.compose import NO_KEYS, compose_choice, compose_line
from flows.flow import Ask, ChooseLanguage, Flow, Menu, Prompt, Queue, Record, Step, Text
from flows.last_resort import APOLOGY, CALL_AGAIN, RING_BACK
from flows.saying import fixed_unit, units_of_kind
from flows.steps import ask, record
from flows.texts import texts_of
from flows.values import Line, Words


def fixed_units(flow: Flow, language: str) -> list[str]:
    """The words between blanks, and the menus' lines with their keys, in the order of the flow; once each."""
    lines = [line for step in flow.steps.values() for line in _lines_of_step(flow, language, step)]
    lines += _lines_of_catalogue(flow, language)
    texts = [piece.text for line in lines for piece in line.pieces if isinstance(piece, Words)]
    texts += [words.get(language, words["en"]) for words in (APOLOGY, RING_BACK, CALL_AGAIN)]
    return list(dict.fromkeys(unit for text in texts for unit in fixed_unit(text)))


def slow_units(flow: Flow, language: str) -> list[str]:
    """What the blanks can be said with that some prompt tells twice: the second telling is slow."""
    prompts = flow.catalogues[language].prompts.values()
    kinds = {text.kind for prompt in prompts for text in prompt.texts if text.kind and _tellings(prompt, text) > 1}
    return list(dict.fromkeys(unit for kind in sorted(kinds) for unit in units_of_kind(language, kind)))


def _tellings(prompt: Prompt, text: Text) -> int:
    return sum(other.blank == text.blank for other in prompt.texts)


def _lines_of_step(flow: Flow, language: str, step: Step) -> Iterator[Line]:
    """The lines that hold a key of the telephone."""
    match step:
        case Menu():
            yield from (_choice(flow, language, choice.say, choice.key) for choice in step.choices)
        case ChooseLanguage():
            keys = [key for key, chosen in step.choices.items() if chosen == language]
            yield from (_line(flow, language, step.prompt, {"key": key}) for key in keys)
            if step.known_caller:
                yield _line(flow, language, step.known_caller.say, {"key": step.known_caller.change_key})
        case Queue():
            yield from (_choice(flow, language, way.say, way.key) for way in step.waiting.keys)
        case Ask(kind="yes_no"):
            yield _choice(flow, language, "std_yes", ask.YES)
            yield _choice(flow, language, "std_no", ask.NO)
        case Record():
            yield _line(flow, language, step.prompt, {"finish_key": step.finish_key})
            yield _choice(flow, language, "std_keep_message", record.KEEP)
            yield _choice(flow, language, "std_record_again", record.AGAIN)
    if isinstance(step, Ask) and step.read_back:
        yield _choice(flow, language, "std_correct", ask.CORRECT)
        yield _choice(flow, language, "std_enter_again", ask.ENTER_AGAIN)


def _lines_of_catalogue(flow: Flow, language: str) -> Iterator[Line]:
    """All other prompts that are spoken."""
    everywhere = {meaning: key for key, meaning in flow.keys_everywhere.keys.items()}
    if flow.keys_everywhere.told_in:
        yield _line(flow, language, "std_keys_everywhere", everywhere)
    elsewhere = set(_said_elsewhere(flow)) | {"std_keys_everywhere", "key_star", "key_hash"}
    yield from (_line(flow, language, key) for key in flow.catalogues[language].prompts if key not in elsewhere)


def _said_elsewhere(flow: Flow) -> Iterator[str]:
    """Prompts that are said only with a key, or never."""
    yield from ("std_yes", "std_no", "std_correct", "std_enter_again", "std_keep_message", "std_record_again")
    yield from texts_of(flow)
    for step in flow.steps.values():
        match step:
            case Menu():
                yield from (choice.say for choice in step.choices)
            case ChooseLanguage():
                yield step.prompt
                if step.known_caller:
                    yield step.known_caller.say
            case Queue():
                yield from (way.say for way in step.waiting.keys)
            case Record():
                yield step.prompt


def _line(flow: Flow, language: str, prompt: str, keys: Mapping[str, str] = NO_KEYS) -> Line:
    return compose_line(flow, language, prompt, _anything, keys=keys)


def _choice(flow: Flow, language: str, say: str, key: str) -> Line:
    return compose_choice(flow, language, say, key, _anything)


def _anything(name: str) -> str:
    """Some value for every blank, so that the words around it stand apart as they do in a call."""
    return "0"
