"""Generated inputs of known shape."""
