"""Organs by name: canonical names, aliases, kinds; what is unknown is told by the word it ends with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bridgehead.engines.statute.rules import table

_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_RANK = r"(?:省|自治区|直辖市|设区的市|地级以上市|盟市|市|自治州|州|盟|旗县|旗|区县|县|乡镇|乡|镇|区|特区|新区)"
_LEVEL = re.compile(
    rf"^(?:(?:国务院|地方各级|各级地方|各级|各(?={_RANK})|地方|上一?级|下一?级|本级|同级|属地|所在地|[两三]级|本(?={_RANK}))"
    rf"|{_RANK}级(?:以上)?(?:地方)?(?:各级)?"
    rf"|(?:省|自治区|直辖市|盟市|盟|设区的市级?|地级以上市|市(?!场|政|容)|自治州|州|旗县|旗|区县|区(?!域)|县|特区|新区)"
    r"(?:以及|[、和及与或])?)+"
)
_OWN_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{2,5}?(?:新区|自治区|特别行政区|省|市(?!场|政|容)|自治州|盟|区(?!域)|自治县|县|自治旗|旗)(?=..)"
)
_TAILS = sorted(
    (
        *("部门", "主管部门", "管理部门", "行政主管部门", "行政管理部门", "行政部门"),
        *("职能部门", "综合管理部门", "工作部门"),
        *("机关", "主管机关", "行政机关", "管理机关", "行政管理机关", "部", "厅", "局", "总局", "分局"),
        *("委", "委员会", "办", "办公室", "主管单位"),
    ),
    key=len,
)
"""What may stand behind the name of a department; the shortest that leaves a known name is taken off."""
_TAIL_ENDS = tuple({tail[-1] for tail in _TAILS})
_TAIL = re.compile(r"(?:行政主管|主管|行政|职能|工作)?部门$")
_OFFICES = ("主管", "承担", "履行", "行使", "负有", "具有")
_WHICH = ("任何", "同一", "各个", "其他", "多个")
_PLACE = re.compile(r"^.*(?:所在地|沿线|辖区内|所属)的?(?=.{2})")
_SOME = re.compile(r"(?:有关|相关)(?:职能|行政|主管|政府)?(?:部门|单位|机关|机构)(?:和单位)?$")
_GOVERNMENT = re.compile(r"(?:人民政府|行政公署|管委会|管理委员会|代表大会|常务委员会)$")


@dataclass(frozen=True, slots=True)
class Organ:
    """One organ of the gazetteer."""

    name: str
    kind: str
    level: str = ""
    aliases: tuple[str, ...] = ()
    bearers: tuple[str, ...] = ()
    name_en: str = ""


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Organs by each of their names."""

    organs: Mapping[str, Organ]

    def find(self, name: str) -> Organ | None:
        """Return the organ a name in a statute stands for, or None where no name of the gazetteer fits."""
        return self._find(_bare(name))

    def _find(self, bare: str) -> Organ | None:
        department = bare.rsplit("人民政府", 1)[-1]
        whole = (bare, department, _LEVEL.sub("", department), _LEVEL.sub("", bare))
        placed = _OWN_PLACE.sub("", department)
        for core in dict.fromkeys((*whole, placed, _LEVEL.sub("", placed), department.removeprefix("国家"))):
            if (organ := self.organs.get(core)) is not None:
                return organ
            if not core.endswith(_TAIL_ENDS):
                continue
            for tail in _TAILS:
                organ = self.organs.get(core[: -len(tail)]) if core.endswith(tail) else None
                if organ is not None and organ.kind == "department":
                    return organ
        return None

    def canonical(self, name: str) -> str:
        """Return the name under which an organ is counted: governments keep their level, departments lose it."""
        return self.counted(name)[0]

    def counted(self, name: str) -> tuple[str, Organ | None]:
        """Return the name under which an organ is counted, and the organ where the gazetteer knows it."""
        bare = _bare(name)
        organ = self._find(bare)
        if bare.startswith("负责") or (bare.startswith(_OFFICES) and "的" in bare):
            return bare, organ
        if _SOME.search(bare):
            return "有关部门", organ
        if _GOVERNMENT.search(bare):
            return bare, organ
        if organ is not None:
            return organ.name, organ
        core = _TAIL.sub("", bare)
        if core == bare:
            return bare, None
        core = _LEVEL.sub("", core.rsplit("人民政府", 1)[-1])
        return core if len(core) > 1 and core not in _WHICH else bare, None

    def extended(self, organs: Iterable[Organ]) -> Gazetteer:
        """Return the gazetteer with the organs of a region before its own."""
        return Gazetteer({**self.organs, **_by_name(organs)})


def _bare(name: str) -> str:
    """Return a name without asides and without the place in front of it."""
    if "（" in name or "(" in name:
        name = _ASIDE.sub("", name)
    return _PLACE.sub("", name)


def organs_of(rows: Iterable[Mapping[str, str]]) -> list[Organ]:
    """Return the organs of a table: the shipped one, or that of a region."""
    return [
        Organ(
            row["organ"],
            row.get("kind", ""),
            row.get("level") or "",
            tuple(filter(None, (row.get("aliases") or "").replace(";", "；").split("；"))),
            tuple(filter(None, (row.get("orgs") or "").replace(";", "；").split("；"))),
            row.get("name_en") or "",
        )
        for row in rows
    ]


@cache
def shipped() -> Gazetteer:
    """Return the national organs the product comes with."""
    return Gazetteer(_by_name(organs_of(table("organs"))))


def _by_name(organs: Iterable[Organ]) -> dict[str, Organ]:
    found: dict[str, Organ] = {}
    for organ in organs:
        for name in (organ.name, *organ.aliases):
            found.setdefault(name, organ)
    return found
