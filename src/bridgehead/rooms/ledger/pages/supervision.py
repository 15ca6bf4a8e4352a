"""The pages of the ledger: supervision."""

from bridgehead.ground.pages import Download, Page

PAGES: tuple[Page, ...] = ()
DOWNLOADS: tuple[Download, ...] = ()
