"""Operations of the gateway room."""

from ninja import Router

from bridgehead.rooms.gateway.api.comparison import router as comparison_router
from bridgehead.rooms.gateway.api.flows import router as flow_router
from bridgehead.rooms.gateway.api.port_agreements import router as agreement_router
from bridgehead.rooms.gateway.api.port_lanes import router as lane_router
from bridgehead.rooms.gateway.api.port_models import router as model_router
from bridgehead.rooms.gateway.api.port_roles import router as role_router
from bridgehead.rooms.gateway.api.ports import router as port_router
from bridgehead.rooms.gateway.api.scenarios import router as scenario_router
from bridgehead.rooms.gateway.api.tables import router as data_router
from bridgehead.rooms.gateway.api.through import router as through_router
from bridgehead.rooms.gateway.api.validation import router as validation_router
from bridgehead.rooms.gateway.api.ways import router as way_router

router = Router()
router.add_router("", port_router)
router.add_router("", role_router)
router.add_router("", model_router)
router.add_router("", agreement_router)
router.add_router("", lane_router)
router.add_router("", way_router)
router.add_router("", flow_router)
router.add_router("", comparison_router)
router.add_router("", scenario_router)
router.add_router("", through_router)
router.add_router("", validation_router)
router.add_router("", data_router)
