"""Operations of the gateway room."""

from ninja import Router

from bridgehead.rooms.gateway.data_api import router as data_router
from bridgehead.rooms.gateway.flow_api import router as flow_router
from bridgehead.rooms.gateway.port_api import router as port_router
from bridgehead.rooms.gateway.way_api import router as way_router

router = Router()
router.add_router("", port_router)
router.add_router("", way_router)
router.add_router("", flow_router)
router.add_router("", data_router)
