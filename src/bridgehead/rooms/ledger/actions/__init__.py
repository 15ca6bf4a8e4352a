"""What is done in the ledger, by subject; each action is a verb with an actor."""
