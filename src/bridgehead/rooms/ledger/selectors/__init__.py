"""What pages, operations, commands and reports read of the ledger, by subject."""
