"""Operations of the gateway room."""

from ninja import Router

from bridgehead.rooms.gateway.data_api import router as data_router
from bridgehead.rooms.gateway.gateway_api import router as gateway_router

router = Router()
router.add_router("", gateway_router)
router.add_router("", data_router)
