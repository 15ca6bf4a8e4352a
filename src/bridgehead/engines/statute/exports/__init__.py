"""A statute and its duties in the forms other programs read: Akoma Ntoso, JSON-LD, a register, predictions."""
