"""Operations of the ledger: publication."""

from ninja import Router

router = Router(tags=["ledger"])
