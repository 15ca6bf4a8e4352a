"""Demand onto the network: who uses which link and port, and how full they are."""
