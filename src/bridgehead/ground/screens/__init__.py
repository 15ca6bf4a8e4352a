"""The ground's own pages: signing in, people and organisations, journal, files, imports, tasks, doctor."""
