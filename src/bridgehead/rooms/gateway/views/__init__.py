"""Pages of the gateway room by subject: read the address, ask a selector, fill a template."""
