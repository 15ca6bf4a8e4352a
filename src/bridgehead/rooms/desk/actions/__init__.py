"""What is done at the desk, one module a subject."""
