"""Named consistency checks of a region, one function each; `bridgehead.regions.check.CHECKS` lists them."""
