"""Proofs: what the ground promises, tried with real processes, real servers and real faults."""
