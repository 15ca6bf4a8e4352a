"""What set the stay of units: waits and services taken out of an event log, each with its cause, and critical paths."""
