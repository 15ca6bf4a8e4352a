"""Records of the desk, one module a subject."""

from bridgehead.rooms.desk.models.cases import Case, CaseDraft, CaseEvent, CaseFile, Turn
from bridgehead.rooms.desk.models.firms import FirmProfile, PolicyAnswer, PolicyClaim
from bridgehead.rooms.desk.models.news import NewsItem, NewsSubscription
from bridgehead.rooms.desk.models.notices import Notice, NoticeRead, NoticeReader
from bridgehead.rooms.desk.models.outbound import OutboundProject, OutboundSignal, PatrolVisit
from bridgehead.rooms.desk.models.policies import Policy, PolicyEdition
from bridgehead.rooms.desk.models.products import Product
from bridgehead.rooms.desk.models.promotion import Enquiry, Fair, FairEntry, FirmCard
from bridgehead.rooms.desk.models.replies import PublicReply
from bridgehead.rooms.desk.models.training import TrainingPlace, TrainingSession

__all__ = [
    "Case",
    "CaseDraft",
    "CaseEvent",
    "CaseFile",
    "Enquiry",
    "Fair",
    "FairEntry",
    "FirmCard",
    "FirmProfile",
    "NewsItem",
    "NewsSubscription",
    "Notice",
    "NoticeRead",
    "NoticeReader",
    "OutboundProject",
    "OutboundSignal",
    "PatrolVisit",
    "Policy",
    "PolicyAnswer",
    "PolicyClaim",
    "PolicyEdition",
    "Product",
    "PublicReply",
    "TrainingPlace",
    "TrainingSession",
    "Turn",
]
