"""The simulator once more in plain Python: slow, short of tricks, written from the words of what happens.

It shares with the compiled kernel the model, the names of random streams and nothing else, so that a difference between
the two is a fault of one of them. The words are in ``docs/explanation/port-simulation.md``.
"""
