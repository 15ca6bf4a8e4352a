"""Short names a statute declares: （以下简称管委会）."""

from __future__ import annotations

import re

from bridgehead.engines.statute.model import Statute

DECLARED = re.compile(r"[（(](?:以下|下)(?:简称|统称|合称|称)(?:为|：|:)?[“\"]?([^”\"（）()，。]{2,20})[”\"]?[）)]")
_BODY = re.compile(r"(?:会|会议|部门|机关|机构|单位|组织|企业|者|人|方|局|办|中心|政府|区|院|所|团|行|公司|主体|站)$")


def declared(statute: Statute) -> dict[str, str]:
    """Return the short names that can be actors, with the kind of actor."""
    names: dict[str, str] = {}
    if "简称" not in statute.source.text and "统称" not in statute.source.text and "以下称" not in statute.source.text:
        return names
    for found in DECLARED.finditer(statute.source.text):
        name = found.group(1)
        if _BODY.search(name):
            names[name] = "body"
    return names
