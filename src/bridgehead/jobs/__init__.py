"""Runs of pure engine tasks and their results on disk."""
