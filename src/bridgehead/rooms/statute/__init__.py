"""The statute room: the articles of the region's regulation, what they ask, and how far the platform serves them."""
