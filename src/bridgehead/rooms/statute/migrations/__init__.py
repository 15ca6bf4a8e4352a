"""Migrations of the statute room."""
