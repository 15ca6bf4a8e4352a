"""Runs of pure engine tasks: here or in local processes, and their results on disk."""
