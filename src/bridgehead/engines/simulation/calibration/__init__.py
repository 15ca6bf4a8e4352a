"""From an event log to a port model: arrivals, opening hours, services, routes and servers with their uncertainty."""
