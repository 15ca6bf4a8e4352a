"""Background work: the durable task table, its handlers and the runner."""
