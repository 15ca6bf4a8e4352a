"""How the rows of a table say whose they are; the gate and the row-level security both derive from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which columns of a table say who may see a row.

    Attributes
    ----------
    scope : str
        One of the scopes of ``roles.toml``: what kind of data the table holds.
    owners : tuple of str
        Columns with the organisation whose data the row is.
    offices : tuple of str
        Columns with the office that handles it.
    persons : tuple of str
        Columns with a person who may always see it.
    public : str
        A boolean column that opens the row to everybody.
    anybody_adds : bool
        Anybody who acts may add a row of theirs without seeing the others.
    """

    scope: str
    owners: tuple[str, ...] = ("owner_id",)
    offices: tuple[str, ...] = ("office_id",)
    persons: tuple[str, ...] = ()
    public: str = ""
    anybody_adds: bool = False
