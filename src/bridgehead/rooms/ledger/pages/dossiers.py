"""The pages of the ledger: dossiers."""

from bridgehead.ground.pages import Download, Page

PAGES: tuple[Page, ...] = ()
DOWNLOADS: tuple[Download, ...] = ()
