"""Template tags of the desk room."""
