"""Operations of the ledger: programmes."""

from ninja import Router

router = Router(tags=["ledger"])
