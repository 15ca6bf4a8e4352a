"""The pages of the ledger: coordination."""

from bridgehead.ground.pages import Download, Page

PAGES: tuple[Page, ...] = ()
DOWNLOADS: tuple[Download, ...] = ()
