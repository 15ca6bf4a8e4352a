"""Who wrote at a thing: asked of the list of numbers a record keeps of them."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Func, Value


class Holds(Func):
    """Whether a column with a list of numbers holds one."""

    arity = 2
    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Look into the list as a table."""
        told = {"template": "EXISTS (SELECT 1 FROM json_each(%(expressions)s)", "arg_joiner": ") WHERE value = "}
        return self.as_sql(compiler, connection, **told, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Ask whether the list contains the number."""
        told = {"template": "(%(expressions)s::bigint))", "arg_joiner": " @> to_jsonb("}
        return self.as_sql(compiler, connection, **told, **more)


def wrote(person: int) -> Holds:
    """Return the filter for evidence somebody wrote at or handed in, alone or with others."""
    return Holds("authors", Value(person))
