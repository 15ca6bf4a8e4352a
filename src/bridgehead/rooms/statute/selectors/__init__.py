"""What the pages and operations of the statute room show, by subject."""
