"""Declarations of the ground's pages, a module a subject."""
