"""What the pages of the gateway show, read from the region's tables and the reference flows; a module per page."""
