"""The papers of the ledger: what an office files, as Word documents made from what the pages show."""
