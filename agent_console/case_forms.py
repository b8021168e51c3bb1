"""What can be done with a case, as forms: what each asks for, what was typed, why it was refused, what it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.case_preview import Preview
from agent_console.case_replies import REPLIES, reply_words
from agent_console.names import names_of
from agent_console.words import name_in, say
from models.case_access import acts_possible
from models.category import Category
from models.complaint import PRIORITIES, Complaint
from models.department import Department
from models.office import Office
from models.office_tree import places_around
from models.officer import Officer
from models.services.casework.rejecting import DECISIONS
from models.services.casework.transferring import REASONS

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Act:
    """An act by its name in the table of rights. `hurts`: it takes something from the citizen."""

    name: str
    icon: str
    fields: tuple[str, ...] = ()
    hurts: bool = False
    optional: tuple[str, ...] = ()


# In the order of an officer's day.
ACTS = {
    act.name: act
    for act in (
        Act("open", "eye"),
        Act("explain", "pen", ("note",)),
        Act("ask", "message", ("note",)),
        Act("ring", "phone"),
        Act("report", "check", ("note", "file")),
        Act("decide_appeal", "hand", ("decision", "note")),
        Act("decide_rejection", "hand", ("agrees", "note")),
        Act("decide_transfer", "hand", ("agrees", "department", "office", "note"), optional=("department", "office")),
        Act("forward", "swap", ("department", "office"), optional=("office",)),
        Act("decide_merge", "hand", ("agrees", "note")),
        Act("unmerge", "swap", ("note",)),
        Act("transfer", "swap", ("department", "office", "reason_code", "note"), optional=("office",)),
        Act("recategorise", "pen", ("category", "note")),
        Act("set_priority", "bell", ("priority", "note")),
        Act("extend", "clock", ("days", "note")),
        Act("take_over", "hand"),
        Act("reveal_name", "eye", ("note",)),
        Act("note", "plus", ("note",)),
        Act("accuse", "alert", ("office",), hurts=True),
        Act("propose_rejection", "off", ("note",), hurts=True),
        Act("close", "off", ("note",), hurts=True),
    )
}


@dataclass(slots=True)
class ActForm:
    """One act on the page of a case. `fault` is of the field `wrong`; with a `preview` it is not done yet."""

    act: str
    icon: str
    fields: tuple[str, ...]
    hurts: bool
    choices: Mapping[str, Choices]
    optional: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    wrong: str = ""
    preview: list[Preview] | None = None
    is_open: bool = False


def forms_for(session: Session, officer: Officer, complaint: Complaint) -> list[ActForm]:
    """The acts that this officer may do now."""
    allowed = acts_possible(session, officer, complaint)
    possible = [act for act in ACTS.values() if act.name in allowed]
    choices = _choices(session, complaint) if any(act.fields for act in possible) else {}
    forms = [form_of(act, choices) for act in possible if not _is_double(act, possible)]
    for form in forms:
        if form.act == "transfer":
            form.typed["department"] = complaint.department_code
    return forms


def _is_double(act: Act, possible: Sequence[Act]) -> bool:
    """What nobody has yet is sent on its way, and not handed on."""
    return act.name == "transfer" and ACTS["forward"] in possible


def form_of(act: Act, choices: Mapping[str, Choices]) -> ActForm:
    return ActForm(
        act=act.name,
        icon=act.icon,
        fields=act.fields,
        hurts=act.hurts,
        choices={name: choices[name] for name in act.fields if name in choices},
        optional=act.optional,
        templates=REPLIES.get(act.name, ()),
    )


def begin_reply(forms: Sequence[ActForm], act: str, reply: str, language: str) -> None:
    """Open the form of `act`, with a template in it if one is asked for."""
    for form in forms:
        if form.act == act:
            form.is_open = True
            form.typed["note"] = reply_words(act, reply, language)


def _choices(session: Session, complaint: Complaint) -> dict[str, Choices]:
    departments = names_of(session, Department)
    return {
        "department": sorted(departments.items(), key=lambda one: one[1]),
        "office": _offices(session, complaint, departments),
        "reason_code": [(code, say(f"transfer_reason.{code}")) for code in REASONS],
        "category": [
            (one.code, name_in(one.names)) for one in session.scalars(select(Category).order_by(Category.position))
        ],
        "priority": [(code, say(f"priority.{code}")) for code in PRIORITIES],
        "agrees": [(code, say(f"agrees.{code}")) for code in ("yes", "no")],
        "decision": [(code, say(f"decision.{code}")) for code in DECISIONS],
    }


def missing_form(session: Session, complaint: Complaint, act: str) -> ActForm:
    """The form of an act that cannot be done now."""
    return form_of(ACTS[act], _choices(session, complaint))


def _offices(session: Session, complaint: Complaint, departments: Mapping[str, str]) -> Choices:
    """All of the department that has it, and of the others those that answer for its place: not a thousand lines."""
    around = places_around(session, complaint.place_code)
    places = [code for code in around if code is not None]
    here = Office.place_code.in_(places) | Office.place_code.is_(None)
    wanted = select(Office).where(Office.active, here | (Office.department_code == complaint.department_code))
    ordered = wanted.order_by(Office.department_code != complaint.department_code, Office.department_code)
    return [
        (one.code, f"{departments[one.department_code]}: {say('level.short', n=one.level)} · {name_in(one.names)}")
        for one in session.scalars(ordered.order_by(Office.level, Office.code))
    ]
