"""The pages of the ledger room, in the order of its row."""

from bridgehead.ground.pages import Download, Page, Room
from bridgehead.rooms.ledger.pages import (
    coordination,
    dossiers,
    duties,
    figures,
    programmes,
    publication,
    supervision,
)

ROOM = Room("ledger", "台账", "Ledger", "职责、任务与证据", "Duties, tasks and evidence")

_SUBJECTS = (duties, figures, programmes, coordination, supervision, dossiers, publication)
PAGES: tuple[Page, ...] = tuple(page for subject in _SUBJECTS for page in subject.PAGES)
DOWNLOADS: tuple[Download, ...] = tuple(one for subject in _SUBJECTS for one in subject.DOWNLOADS)
