"""Template tags of the gateway room."""
