"""Operations of the ledger: duties."""

from ninja import Router

router = Router(tags=["ledger"])
