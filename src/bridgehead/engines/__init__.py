"""Engines compute; they know no web, no clock and no global state."""
