"""Who may see and do what: roles, viewers, the gate every reader goes through, row-level security behind it."""
