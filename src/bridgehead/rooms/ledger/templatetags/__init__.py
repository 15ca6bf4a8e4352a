"""Template tags of the ledger room."""
