"""The pages of the statute room."""

from bridgehead.ground.pages import Page, Room
from bridgehead.rooms.statute.pages.articles import ARTICLE_DOWNLOADS, ARTICLE_PAGES
from bridgehead.rooms.statute.pages.duties import DUTY_PAGES
from bridgehead.rooms.statute.pages.statutes import STATUTE_DOWNLOADS, STATUTE_PAGES

ROOM = Room("statute", "法规", "Statute", "条例与条文", "The regulation and its articles")

PAGES: tuple[Page, ...] = (*ARTICLE_PAGES, *STATUTE_PAGES, *DUTY_PAGES)
DOWNLOADS = (*ARTICLE_DOWNLOADS, *STATUTE_DOWNLOADS)
