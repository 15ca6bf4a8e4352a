"""Planning with flows and simulation together: stays of ports against their load, and loops of the two to agreement."""
