"""Fewest lane-hours, or least cost, that keep a service promise of a port, and how sure that is."""
