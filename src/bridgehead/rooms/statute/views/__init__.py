"""Pages and files of the statute room, by subject."""
