"""Cases and their clocks: machines of states and moves as data, what became of a case, escalation, answer times."""
