"""`say`, `announcements` and `end`."""

from flows.flow import Announcements, End, Say
from flows.loading.step import StepNode


def read_say(step: StepNode) -> Say:
    return Say(**step.base(), prompts=step.prompts("say"), then=step.way("then"))


def read_announcements(step: StepNode) -> Announcements:
    board = step.fields.scalar("announcements")
    name = board.text if board else ""
    if board and name not in step.draft.boards and "boards.yaml" not in step.draft.unread:
        hint = step.draft.suggest(name, step.draft.boards) or " Declare it in boards.yaml."
        sentence = f'step "{step.name}" reads out the board "{name}", but there is no board with that name.{hint}'
        step.draft.report(board.at, "E07", sentence)
    return Announcements(**step.base(), board=name, then=step.way("then"))


def read_end(step: StepNode) -> End:
    return End(**step.base(), prompt=step.prompt("end"))
