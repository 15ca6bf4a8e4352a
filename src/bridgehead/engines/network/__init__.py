"""Component tables of a freight network, its virtual network, shortest paths and routes."""
