"""What a person reads when the line starts."""

from pathlib import Path

from agent_console.demo_staff import DEMO_PASSWORD, DEMO_STAFF
from config import Config
from flows.calendar_file import load_calendars
from flows.flow_folder import read_folder, rehearsals_in
from flows.loader import load_flow
from flows.rehearse import rehearse_all
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED
from operations.preparing import DEMO_CALENDAR, tell_addresses


def test_everybody_of_the_demonstration_is_named_with_all_they_may_do(tmp_path: Path) -> None:
    told = tell_addresses(Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path)}))
    assert "sumitra (supervisor and admin), mina (translator), gopal (approver), " in told
    assert "chitra (officer at food-field-hooghly), " in told
    assert f"; password {DEMO_PASSWORD}" in told
    assert all(f"{person.login} (" in told for person in DEMO_STAFF)


def test_rehearsals_go_as_written_whatever_the_hours_in_force() -> None:
    """Hours are live: a line that is open round the clock must be able to publish its menus too."""
    source = read_folder(SHIPPED)
    flow = load_flow(FLOW, source)
    for hours in (load_calendars(DEMO_CALENDAR.read_text(encoding="utf-8")), {}):
        outcomes = list(rehearse_all(flow, rehearsals_in(source), hours))
        assert [(one.title, one.differences) for one in outcomes if one.differences] == []
        assert len(outcomes) == 10
