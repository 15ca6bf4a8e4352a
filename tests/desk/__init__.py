"""A small world of the desk for tests."""
