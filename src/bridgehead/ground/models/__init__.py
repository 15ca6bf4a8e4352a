"""What the ground keeps in the database, by subject."""

from bridgehead.ground.models.files import StoredFile
from bridgehead.ground.models.imports import ImportRun
from bridgehead.ground.models.journal import JournalEntry, JournalHead, JournalSeal
from bridgehead.ground.models.people import Delegation, Mandate, Membership, Organisation, Person
from bridgehead.ground.models.region import RegionEdition
from bridgehead.ground.models.search import SearchEntry
from bridgehead.ground.models.tasks import Task
from bridgehead.ground.models.translations import TranslationSignature

__all__ = [
    "Delegation",
    "ImportRun",
    "JournalEntry",
    "JournalHead",
    "JournalSeal",
    "Mandate",
    "Membership",
    "Organisation",
    "Person",
    "RegionEdition",
    "SearchEntry",
    "StoredFile",
    "Task",
    "TranslationSignature",
]
