"""The pages of the gateway room."""

from bridgehead.ground.pages import Page, Room
from bridgehead.rooms.gateway.data_pages import DATA_DOWNLOADS, DATA_PAGES

ROOM = Room("gateway", "口岸", "Gateway", "口岸与通道", "Ports and corridors")

PAGES: tuple[Page, ...] = (*DATA_PAGES,)
DOWNLOADS = (*DATA_DOWNLOADS,)
