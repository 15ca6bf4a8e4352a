"""The operations of the ledger room."""

from ninja import Router

from bridgehead.rooms.ledger.api import (
    coordination,
    dossiers,
    duties,
    figures,
    programmes,
    publication,
    supervision,
)

router = Router(tags=["ledger"])
for subject in (duties, figures, programmes, coordination, supervision, dossiers, publication):
    router.add_router("", subject.router)
