"""What officers and the grievance cell do with a case: each act is permitted, done, and put on the record as one event.

Each takes (session, complaint, *, officer, now, calendar, compose=None, template="", ...), returns its event and raises
Refused, whose `code` names why. Ringing the citizen alone has no event yet: it comes when the call is over.
"""

from models.services.casework.accusing import accuse
from models.services.casework.acting import Acting
from models.services.casework.explaining import explain_breach
from models.services.casework.extending import extend_case
from models.services.casework.forwarding import forward_case
from models.services.casework.merging import decide_merge, unmerge
from models.services.casework.noting import add_note, reveal_name
from models.services.casework.rejecting import decide_appeal, decide_rejection, propose_rejection
from models.services.casework.ringing import ring_citizen
from models.services.casework.sorting import recategorise, set_priority
from models.services.casework.taking_over import take_over
from models.services.casework.transferring import decide_transfer, transfer_case
from models.services.casework.working import ask_citizen, close_unsolved, open_case, report_action

__all__ = [
    "Acting",
    "accuse",
    "add_note",
    "ask_citizen",
    "close_unsolved",
    "decide_appeal",
    "decide_merge",
    "decide_rejection",
    "decide_transfer",
    "explain_breach",
    "extend_case",
    "forward_case",
    "open_case",
    "propose_rejection",
    "recategorise",
    "report_action",
    "reveal_name",
    "ring_citizen",
    "set_priority",
    "take_over",
    "transfer_case",
    "unmerge",
]
