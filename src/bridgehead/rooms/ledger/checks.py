"""What the doctor looks at in the ledger room."""
