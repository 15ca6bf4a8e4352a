"""Declarations of the ground's own pages, by subject."""
