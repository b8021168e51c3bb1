"""`language`: one line per language."""

from flows.flow import ChooseLanguage, KnownCaller
from flows.loading.draft import Wording
from flows.loading.fields import Fields
from flows.loading.step import StepNode
from flows.loading.verbs.keys import check_everywhere, read_keys
from flows.nodes import Scalar

_KNOWN_CALLER_WAIT = 2.0


def read_language(step: StepNode) -> ChooseLanguage:
    return ChooseLanguage(
        **step.base(),
        prompt=step.prompt("language", given=("key",)),
        choices=_read_choices(step),
        remember=step.fields.yes_no("remember", False),
        known_caller=_read_known_caller(step),
        speak_on_give_up=_read_give_up(step),
        then=step.way("then"),
    )


def _read_choices(step: StepNode) -> dict[str, str]:
    fields = Fields(step.draft, step.fields.node("choices"), f'step "{step.name}": "choices"', step.at)
    choices = {}
    for key, entry in read_keys(step.draft, fields):
        language = fields.as_scalar(entry.value, entry.key.text)
        if language and _is_offered(step, language):
            check_everywhere(step.draft, key, entry.key.at, None)
            choices[key] = language.text
    return choices


def _is_offered(step: StepNode, language: Scalar) -> bool:
    offered = step.draft.languages
    if language.text in offered:
        return True
    known = ", ".join(offered)
    sentence = f'step "{step.name}" names "{language.text}", which is not among the languages of this flow ({known}).'
    step.draft.report(language.at, "E13", sentence + step.draft.suggest(language.text, offered))
    return False


def _read_known_caller(step: StepNode) -> KnownCaller | None:
    if not step.fields.has("known_caller"):
        return None
    owner = f'step "{step.name}": "known_caller"'
    fields = Fields(step.draft, step.fields.node("known_caller"), owner, step.at)
    fields.only(("say", "change_key", "wait"), '"known_caller"')
    if not fields.require("say", "change_key"):
        return None
    say = fields.scalar("say")
    change_key = fields.key("change_key", "")
    check_everywhere(step.draft, change_key, fields.key_at("change_key"), None)
    if say is None:
        return None
    step.draft.wordings.append(Wording(say.text, say.at, step.name, given=("key",)))
    return KnownCaller(say.text, change_key, fields.duration("wait", _KNOWN_CALLER_WAIT))


def _read_give_up(step: StepNode) -> str:
    first = step.draft.languages[0] if step.draft.languages else ""
    if not step.fields.has("give_up"):
        return first
    owner = f'step "{step.name}": "give_up"'
    fields = Fields(step.draft, step.fields.node("give_up"), owner, step.at)
    fields.only(("speak",), '"give_up" of a "language" step')
    if not fields.is_mapping or not fields.require("speak"):
        return first
    language = fields.scalar("speak")
    if language is None or not _is_offered(step, language):
        return first
    return language.text
