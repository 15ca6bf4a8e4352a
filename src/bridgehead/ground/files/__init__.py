"""Files people hand in: kept by content, recognised by content, never with anything that runs."""
