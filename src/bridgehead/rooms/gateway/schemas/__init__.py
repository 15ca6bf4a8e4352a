"""Shapes of the answers of the gateway's operations, by subject."""
