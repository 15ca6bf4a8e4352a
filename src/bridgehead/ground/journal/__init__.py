"""The one journal: what was done, by whom, for whom, when, why; sealed into a chain that shows every later change."""
