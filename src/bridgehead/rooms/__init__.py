"""The rooms of the house, one Django app each, named by who comes in."""
