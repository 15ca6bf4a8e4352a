"""Papers the desk gives out."""
