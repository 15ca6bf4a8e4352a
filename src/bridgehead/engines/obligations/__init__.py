"""Who owes what by when: progress from evidence, what is done when something is late, procedures with clocks."""
