"""Discrete-event simulation of ports: description, compiled kernel, statistics, replications, staffing, calibration."""
