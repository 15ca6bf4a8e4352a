"""Operations of the ledger: figures."""

from ninja import Router

router = Router(tags=["ledger"])
