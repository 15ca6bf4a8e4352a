"""Operations of the statute room."""

from ninja import Router

from bridgehead.rooms.statute.api.articles import router as article_router
from bridgehead.rooms.statute.api.statutes import router as statute_router

router = Router()
router.add_router("", article_router)
router.add_router("", statute_router)
