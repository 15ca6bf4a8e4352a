"""People and organisations: who belongs where in which role, who acts for whom."""
