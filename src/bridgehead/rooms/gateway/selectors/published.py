"""Published times and prices of routes with ours beside them."""
