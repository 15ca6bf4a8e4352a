"""Backup and restore: one portable archive for either database, consistent while people work."""
