"""Exact answers of queueing systems, computed without the simulator: formulas, chains, differential equations.

`python -m tests.engines.simulation.exact` writes the cases of `families` with their values to `tests/cases/queueing`
(the form of the bench) and `tests/cases/simulation` (the native form of port models).
"""
