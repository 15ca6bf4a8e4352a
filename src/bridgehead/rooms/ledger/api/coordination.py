"""Operations of the ledger: coordination."""

from ninja import Router

router = Router(tags=["ledger"])
