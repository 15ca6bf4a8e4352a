"""The ledger room: who owes what by when, with its evidence, figures, programmes, meetings and supervision."""
