"""Operations of the ledger: supervision."""

from ninja import Router

router = Router(tags=["ledger"])
