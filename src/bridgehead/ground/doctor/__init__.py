"""The doctor: named checks of the running platform, each with what it found and what to do."""
