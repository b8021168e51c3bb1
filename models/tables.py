"""Every table, imported, so that the metadata is whole."""

from models.accusation import Accusation
from models.announcement import Announcement
from models.answer_link import AnswerLink
from models.audit_entry import AuditEntry
from models.audit_head import AuditHead
from models.bridge import Bridge
from models.calendar import CalendarRow
from models.call import Call
from models.call_back import CallBack
from models.caller import CallerMemory
from models.category import Category
from models.clock_notice import ClockNotice
from models.closure import Closure
from models.command import Command
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.complaint_word import ComplaintWord, KnownWord
from models.day_message import DayMessage
from models.department import Department
from models.diversion import Diversion
from models.draft import Draft
from models.erasure import Erasure
from models.event import DeskEvent
from models.explanation import Explanation
from models.feedback_call import FeedbackCall
from models.flow_draft import FlowDraft
from models.flow_publication import FlowPublication
from models.flow_version import FlowVersion
from models.help_request import HelpRequest
from models.hours_proposal import HoursProposal
from models.keypad_check import KeypadCheck
from models.late_event import LateEvent
from models.lease import Lease
from models.leg import Leg
from models.legal_hold import LegalHold
from models.level_stay import LevelStay
from models.listening import Listening
from models.message import Message
from models.named_caller import NamedCaller
from models.offer import Offer
from models.office import Office
from models.one_time_code import OneTimeCode
from models.place import PlaceRow
from models.posting import Posting
from models.presence import Presence
from models.presence_stay import PresenceStay
from models.pressure import Pressure
from models.promise_mark import PromiseMark
from models.queue_entry import QueueEntry
from models.recording_pause import RecordingPause
from models.recovery_code import RecoveryCode
from models.routing_rule import RoutingRule
from models.script_line import ScriptLine
from models.staff import Staff
from models.staff_notice import StaffNotice
from models.sudden_holiday import SuddenHoliday
from models.take import Take
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transfer import Transfer
from models.turn import Turn
from models.voice_message import VoiceMessage
from models.wording_change import WordingChange

TABLES = (
    Accusation,
    Announcement,
    AnswerLink,
    AuditEntry,
    AuditHead,
    Bridge,
    CalendarRow,
    Call,
    CallBack,
    CallerMemory,
    Category,
    ClockNotice,
    Closure,
    Command,
    DayMessage,
    Complaint,
    ComplaintEvent,
    ComplaintWord,
    Department,
    DeskEvent,
    Diversion,
    Draft,
    Erasure,
    Explanation,
    FeedbackCall,
    FlowDraft,
    FlowPublication,
    FlowVersion,
    HelpRequest,
    HoursProposal,
    KeypadCheck,
    LateEvent,
    KnownWord,
    Lease,
    Leg,
    LegalHold,
    LevelStay,
    Listening,
    Message,
    NamedCaller,
    Offer,
    Office,
    OneTimeCode,
    PlaceRow,
    Posting,
    Presence,
    PresenceStay,
    Pressure,
    PromiseMark,
    QueueEntry,
    RecordingPause,
    RecoveryCode,
    RoutingRule,
    ScriptLine,
    Staff,
    SuddenHoliday,
    Take,
    StaffNotice,
    Talk,
    TalkRecording,
    Transfer,
    Turn,
    VoiceMessage,
    WordingChange,
)
