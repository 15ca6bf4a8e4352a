"""Pages of the flows and of the published routes: read the address, ask a selector, fill a template."""
