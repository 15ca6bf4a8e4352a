"""bridgehead: the operating platform of a border-gateway region."""

__version__ = "0.1.0"
