"""The shared vocabulary: errors, tables by schema, sources and standing, hashing. Standard library only."""
