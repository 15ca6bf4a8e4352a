"""The pages of the ledger: programmes."""

from bridgehead.ground.pages import Download, Page

PAGES: tuple[Page, ...] = ()
DOWNLOADS: tuple[Download, ...] = ()
