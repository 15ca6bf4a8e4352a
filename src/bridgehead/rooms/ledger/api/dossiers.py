"""Operations of the ledger: dossiers."""

from ninja import Router

router = Router(tags=["ledger"])
