"""What is done to complaints, in the imperative. Each takes an explicit session and `now` (aware UTC)."""

from models.services.changing import change_state, propose
from models.services.drafting import save_draft
from models.services.finding import find_complaint, find_complaints
from models.services.registering import NewComplaint, register_complaint

__all__ = [
    "NewComplaint",
    "change_state",
    "find_complaint",
    "find_complaints",
    "propose",
    "register_complaint",
    "save_draft",
]
