"""Tables of a region while a scenario edits them: what was changed, by which edit, and what is wrong so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bridgehead.engines.network.applied import Applied, Background, Change, Closure, Row, Scenario, periods_of
from bridgehead.engines.network.components import ComponentTables, Demand, Link, Parameter
from bridgehead.engines.network.lookup import alike
from bridgehead.kernel.errors import Fault, Place


class Draft:
    """Tables while the edits of a scenario are made; ``faults`` holds what is wrong with them, by their position."""

    def __init__(self, tables: ComponentTables, year: int) -> None:
        self.tables = tables
        self.year = year
        self.faults: list[Fault] = []
        self.changes: list[Change] = []
        self.closures: list[Closure] = []
        self.background: dict[str, Background] = {}
        self._rows: dict[str, list[Any]] = {
            name: list(getattr(tables, name)) for name in ("ports", "links", "demand", "parameters")
        }
        self._at = {
            name: {row.id: i for i, row in enumerate(self._rows[name])} for name in ("ports", "links", "parameters")
        }
        self._edited: dict[tuple[str, ...], int] = {}
        self._closed: dict[tuple[str, str], list[tuple[date, date, int]]] = {}
        self._for_days: dict[str, int] = {}
        self._for_good: dict[str, int] = {}
        self.now = 0

    # Reading

    def links(self) -> Sequence[Link]:
        """Return all links as they are by now."""
        return self._rows["links"]

    def parameters(self) -> Sequence[Parameter]:
        """Return all parameters as they are by now."""
        return self._rows["parameters"]

    def demand(self) -> Sequence[Demand]:
        """Return all rows of the demand as they are by now."""
        return self._rows["demand"]

    def find(self, table: str, id_: str, field: str) -> Any:
        """Return a row by its id, or None and note that there is none."""
        at = self._at[table].get(id_)
        if at is None:
            close = alike("-".join(id_.split()), self._at[table])  # who types a name finds the ids that are made of it
            self.refuse("scenario.unknown_id", field, id=id_, table=table, close=", ".join(close))
            return None
        return self._rows[table][at]

    # Writing

    def refuse(self, code: str, field: str, **parameters: object) -> None:
        """Note a fault of a field of the edit at hand."""
        told = {"edit": self.now, "field": field, **parameters}
        self.faults.append(Fault(code, told, Place(row=self.now, field=field)))

    def claim(self, field: str, *what: str) -> bool:
        """Take what an edit changes for it alone; note where an earlier edit has changed it."""
        first = self._edited.setdefault(what, self.now)
        if first != self.now:
            self._refuse_twice(field, first, what)
        return first == self.now

    def _refuse_twice(self, field: str, first: int, what: Iterable[str]) -> None:
        self.refuse("scenario.edited_twice", field, first=first, what=" ".join(filter(None, what)))

    def put(self, table: str, row: Any) -> None:
        """Put a row in the place of the one with its id, or at the end of its table where there is none."""
        at = self._at[table].get(row.id)
        if at is None:
            at = self._at[table][row.id] = len(self._rows[table])
            self._rows[table].append(row)
            self.changes.append(Change(self.now, table, at, None, row))
        else:
            self._replace(table, at, row)

    def _replace(self, table: str, at: int, row: Row) -> None:
        before = self._rows[table][at]
        self._rows[table][at] = row
        if before != row:
            self.changes.append(Change(self.now, table, at, before, row))

    def put_demand(self, choose: Callable[[Demand], bool], factor: float) -> bool:
        """Multiply the rows of the demand that fit; tell whether there were any."""
        found = [(at, row) for at, row in enumerate(self._rows["demand"]) if choose(row)]
        for at, row in found:
            teu = None if row.teu is None else row.teu * factor
            self._replace("demand", at, replace(row, tonnes=row.tonnes * factor, teu=teu))
        return bool(found)

    def close_for_good(self, field: str, link: str) -> bool:
        """Take a link to close it for good; note where an earlier edit has changed it or closed it for days."""
        if link in self._for_days:
            self._refuse_twice(field, self._for_days[link], ("link", link))
            return False
        taken = self.claim(field, "link", link, "status")
        if taken:
            self._for_good[link] = self.now
        return taken

    def close_days(
        self, field: str, what: tuple[str, str], links: frozenset[str], days: tuple[date, date] | None
    ) -> None:
        """Close links for days, unless they are closed for good or the same was closed on one of the days before.

        Without days, because what was written cannot be any, what is closed is only kept in mind.
        """
        for link in links:
            self._for_days.setdefault(link, self.now)
        if shut := sorted(self._for_good.keys() & links):
            self._refuse_twice(field, self._for_good[shut[0]], ("link", shut[0]))
        if shut or days is None:
            return
        taken = self._closed.setdefault(what, [])
        for begin, end, position in taken:
            if begin <= days[1] and days[0] <= end:
                self._refuse_twice(field, position, what)
                return
        taken.append((*days, self.now))
        self.closures.append(Closure(links, *days))

    def close(self, scenario: Scenario) -> Applied:
        """Return what the edits came to."""
        told: dict[str, Any] = {name: tuple(rows) for name, rows in self._rows.items()}
        return Applied(
            scenario=scenario,
            tables=replace(self.tables, **told),
            periods=periods_of(self.year, self.closures),
            background=MappingProxyType(dict(self.background)),
            changes=tuple(self.changes),
        )
