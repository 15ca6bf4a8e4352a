"""What each subject of the ledger can be searched for."""
