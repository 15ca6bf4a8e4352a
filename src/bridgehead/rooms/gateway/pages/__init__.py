"""The pages of the gateway room."""

from bridgehead.ground.pages import Page, Room
from bridgehead.rooms.gateway.pages.freight import GATEWAY_DOWNLOADS, GATEWAY_PAGES
from bridgehead.rooms.gateway.pages.port_agreements import PORT_AGREEMENT_DOWNLOADS, PORT_AGREEMENT_PAGES
from bridgehead.rooms.gateway.pages.port_models import PORT_LANE_PAGES, PORT_MODEL_DOWNLOADS, PORT_MODEL_PAGES
from bridgehead.rooms.gateway.pages.scenarios import SCENARIO_DOWNLOADS, SCENARIO_PAGES
from bridgehead.rooms.gateway.pages.tables import DATA_DOWNLOADS, DATA_PAGES

ROOM = Room("gateway", "口岸", "Gateway", "口岸与通道", "Ports and corridors")

PAGES: tuple[Page, ...] = (
    *GATEWAY_PAGES,
    *PORT_MODEL_PAGES,
    *PORT_AGREEMENT_PAGES,
    *PORT_LANE_PAGES,
    *SCENARIO_PAGES,
    *DATA_PAGES,
)
DOWNLOADS = (
    *GATEWAY_DOWNLOADS,
    *PORT_MODEL_DOWNLOADS,
    *PORT_AGREEMENT_DOWNLOADS,
    *SCENARIO_DOWNLOADS,
    *DATA_DOWNLOADS,
)
