"""Puts the staff screens into a Flask application."""

from flask import Blueprint, Flask

from agent_console import (
    about,
    announcing,
    asking_help,
    asset,
    audit,
    beside,
    board,
    bridge,
    call_backs,
    calls,
    case_acts,
    case_files,
    case_page,
    cases,
    cases_cell,
    cases_department,
    cases_print,
    checking,
    citizen_answer,
    closing,
    complaints,
    day_messages,
    desk,
    drafts,
    duty,
    exit_line,
    feedback,
    handing_on,
    helping,
    hours_deciding,
    left_over,
    legal_holds,
    menus,
    menus_editor,
    menus_everybody,
    menus_figures,
    menus_named,
    menus_proof,
    menus_try,
    news,
    open311,
    open_counts,
    opening_hours,
    organisation,
    organisation_import,
    overseeing,
    own_account,
    own_telephone,
    parts,
    patterns,
    person_page,
    reassigning,
    recording_sign,
    recordings,
    reports,
    reveal,
    same_matter,
    signing,
    single_sign_on,
    staff_pages,
    studio,
    studio_prompt,
    studio_publish,
    studio_script,
    studio_takes,
    voice_messages,
    walk_ins,
    wall,
    withdrawing,
    wrong_kind,
)
from agent_console.guard import check_role
from agent_console.safety import make_safe
from agent_console.showing import add_filters
from agent_console.signed_in import login_manager
from agent_console.single_sign_on import add_single_sign_on
from agent_console.trouble import add_trouble_pages
from ivr.telephone import Telephone

BLUEPRINTS: tuple[Blueprint, ...] = (
    asset.blueprint,
    signing.blueprint,
    single_sign_on.blueprint,
    desk.blueprint,
    parts.blueprint,
    duty.blueprint,
    calls.blueprint,
    handing_on.blueprint,
    checking.blueprint,
    exit_line.blueprint,
    asking_help.blueprint,
    wrong_kind.blueprint,
    drafts.blueprint,
    left_over.blueprint,
    about.blueprint,
    complaints.blueprint,
    call_backs.blueprint,
    feedback.blueprint,
    voice_messages.blueprint,
    recording_sign.blueprint,
    recordings.blueprint,
    reveal.blueprint,
    same_matter.blueprint,
    withdrawing.blueprint,
    cases.blueprint,
    cases_cell.blueprint,
    cases_department.blueprint,
    cases_print.blueprint,
    case_page.blueprint,
    case_files.blueprint,
    bridge.blueprint,
    case_acts.blueprint,
    news.blueprint,
    board.blueprint,
    studio.blueprint,
    studio_prompt.blueprint,
    studio_takes.blueprint,
    studio_script.blueprint,
    studio_publish.blueprint,
    menus.blueprint,
    menus_editor.blueprint,
    menus_everybody.blueprint,
    menus_figures.blueprint,
    menus_named.blueprint,
    menus_proof.blueprint,
    menus_try.blueprint,
    walk_ins.blueprint,
    wall.blueprint,
    overseeing.blueprint,
    helping.blueprint,
    reassigning.blueprint,
    day_messages.blueprint,
    closing.blueprint,
    opening_hours.blueprint,
    hours_deciding.blueprint,
    announcing.blueprint,
    audit.blueprint,
    reports.blueprint,
    patterns.blueprint,
    open_counts.blueprint,
    citizen_answer.blueprint,
    open311.blueprint,
    beside.blueprint,
    own_account.blueprint,
    own_telephone.blueprint,
    legal_holds.blueprint,
    person_page.blueprint,
    staff_pages.blueprint,
    organisation.blueprint,
    organisation_import.blueprint,
)


def register(app: Flask, telephone: Telephone) -> None:
    """Add every staff screen to `app`. `app.secret_key` becomes that of the settings."""
    app.secret_key = telephone.config.secret_key
    app.extensions["telephone"] = telephone
    make_safe(app, telephone.config)
    login_manager.init_app(app)
    add_single_sign_on(app, telephone.config)
    add_filters(app)
    add_trouble_pages(app)
    for blueprint in BLUEPRINTS:
        blueprint_ready(app, blueprint)


def blueprint_ready(app: Flask, blueprint: Blueprint) -> None:
    """Add `blueprint`; a view of it that names no role answers nobody."""
    app.register_blueprint(blueprint)
    app.before_request_funcs.setdefault(blueprint.name, []).append(check_role)
