"""What pages, operations and reports read of the desk, by subject."""
