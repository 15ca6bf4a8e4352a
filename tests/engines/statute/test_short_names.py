"""Short names a statute declares change what names stand for only where they end them."""

from __future__ import annotations

from bridgehead.engines.statute.clauses import Scanner
from bridgehead.engines.statute.gazetteer import shipped as organs
from bridgehead.engines.statute.rules import shipped


def test_a_short_name_changes_what_names_stand_for_only_where_it_ends_them() -> None:
    general = Scanner(shipped(), organs())
    known = general.with_names({"渡口帮": "body"})
    assert known.kind("某某渡口帮") == "body"
    assert general.kind("某某渡口帮") == "unknown"
    assert known.organ("某某渡口帮") == ("某某渡口帮", "body", False)
    for name in ("市人民政府", "商务主管部门", "某某企业", "渡口"):
        assert known.kind(name) == general.kind(name)
        assert known.organ(name) == general.organ(name)
