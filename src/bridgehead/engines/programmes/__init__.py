"""Programmes: kinds declared as data with stages and typed fields, and the money of a tree of them."""
