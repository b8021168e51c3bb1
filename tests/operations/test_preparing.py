"""What a person reads when the line starts."""

from pathlib import Path

from agent_console.demo_staff import DEMO_PASSWORD, DEMO_STAFF
from config import Config
from operations.preparing import tell_addresses


def test_everybody_of_the_demonstration_is_named_with_all_they_may_do(tmp_path: Path) -> None:
    told = tell_addresses(Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path)}))
    assert f"sumitra (supervisor and admin), mina (translator), gopal (approver); password {DEMO_PASSWORD}" in told
    assert all(f"{person.login} (" in told for person in DEMO_STAFF)
