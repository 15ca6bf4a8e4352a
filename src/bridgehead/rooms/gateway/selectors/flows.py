"""The base year's freight on the network, in the words and rows of the page of flows."""
