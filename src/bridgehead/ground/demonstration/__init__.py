"""A demonstration: made-up organisations, people and work, filled and taken away through actions only."""
