"""The pages of the ledger: publication."""

from bridgehead.ground.pages import Download, Page

PAGES: tuple[Page, ...] = ()
DOWNLOADS: tuple[Download, ...] = ()
