"""Views of the ground's own pages."""
