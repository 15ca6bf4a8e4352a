"""Operations of the gateway room."""

from ninja import Router

from bridgehead.rooms.gateway.data_api import router as data_router

router = Router()
router.add_router("", data_router)
