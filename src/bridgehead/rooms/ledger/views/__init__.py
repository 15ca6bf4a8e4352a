"""The views of the ledger's pages, by subject."""
