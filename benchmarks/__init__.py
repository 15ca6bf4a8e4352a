"""Benchmarks: registered subjects, each measured beside another program or an earlier state in the same run."""
