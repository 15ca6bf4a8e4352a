"""Duties in words: who bears one, how strongly it asks, by when, and whose word that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.regions.statute import MODALITY_WORDS
from bridgehead.rooms.statute.derived import FLAGS, state_of
from bridgehead.rooms.statute.models import Bearer, DutyRow
from bridgehead.rooms.statute.parsing import gazetteer

MODALITIES = ("must", "must_not", "may", "encourage", "support", "declarative")


@dataclass(frozen=True, slots=True)
class Borne:
    """An organ that bears a duty."""

    organ: str
    name: str
    kind: str
    known: bool
    inherited: bool

    @property
    def label(self) -> str:
        """Its name in the language of the request."""
        return organ_word(self.organ)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as pages show it.

    Attributes
    ----------
    row : DutyRow
        The duty.
    number : int
        What ties it to the text on the page, from 1; 0 for what a person says is no duty.
    actors, co_actors, leads : tuple of Borne
        Who bears it.
    modality, look : str
        The word for how strongly it asks, and the class of its underline.
    flags, doubts : tuple of str
        In words.
    standing : str
        Whose word it is, in words.
    """

    row: DutyRow
    number: int
    actors: tuple[Borne, ...]
    co_actors: tuple[Borne, ...]
    leads: tuple[Borne, ...]
    modality: str
    look: str
    flags: tuple[str, ...]
    doubts: tuple[str, ...]
    standing: str

    @property
    def state(self) -> str:
        """What a form that answers on it was filled in on."""
        return state_of(self.row)

    @property
    def article(self) -> str:
        """The id of the article on the page."""
        return self.row.article_eid

    @property
    def label(self) -> str:
        """The label of the article in the language of the request."""
        return article_word(self.row.article_eid, self.row.label)

    @property
    def rejected(self) -> bool:
        """Whether a person says that it is no duty."""
        return self.row.standing == DutyRow.Standing.REJECTED


def counting(viewer: Viewer) -> QuerySet[DutyRow]:
    """Return the duties somebody may see, without what a person says is none."""
    return visible(DutyRow, viewer).exclude(standing=DutyRow.Standing.REJECTED)


def article_word(eid: str, label: str) -> str:
    """Return the label of an article in the language of the request."""
    return speak(language(), label, f"Article {eid.removeprefix('art_').replace('_', '-')}")


def modality_word(modality: str) -> str:
    """Return the word for a modality in the language of the request."""
    return MODALITY_WORDS[modality][language() == "en"]


def organ_word(organ: str) -> str:
    """Return the name of an organ in the language of the request; in Chinese where the gazetteer has no other."""
    if language() != "en":
        return organ
    known = gazetteer().organs.get(organ)
    return (known.name_en if known else "") or organ


def look_of(modality: str) -> str:
    """Return the class of the underline of a modality, empty for plain statements."""
    return "" if modality == "declarative" else modality.replace("_", "")


def standing_word(standing: str) -> str:
    """Return whose word it is who bears a duty."""
    return {
        "read": _("按规则读出，没有人核对过"),
        "confirmed": _("已确认"),
        "corrected": _("已更正"),
        "rejected": _("不是职责"),
        "carried": _("沿用旧文本的核对，文字改了，要再看"),
    }[standing]


def doubt_word(doubt: str) -> str:
    """Return what a person should look at, in words; the code where there are none."""
    words = {
        "unnamed": _("没有写明由谁承担"),
        "inherited": _("主语承前省略"),
        "unknown_organ": _("名录里没有这个单位"),
        "open_list": _("名单以“等”结尾，没有写完"),
        "several": _("几个单位共同承担，没有写谁牵头"),
        "plain_verb": _("没有“应当”一类的词，按动词读出"),
    }
    return words.get(doubt, doubt.replace("_", " "))


def flag_word(flag: str) -> str:
    """Return what a duty concerns besides, in words."""
    return {"reporting": _("报告"), "budget": _("经费"), "assessment": _("考核评价")}[flag]


def field_word(field: str) -> str:
    """Return the word for a field of a duty."""
    return {
        "actors": pgettext("statute change", "由谁承担"),
        "co_actors": pgettext("statute change", "由谁配合"),
        "leads": pgettext("statute change", "由谁牵头"),
        "open_list": pgettext("statute change", "名单是否写完"),
        "modality": pgettext("statute change", "要求的强弱"),
        "action": pgettext("statute change", "做什么"),
        "deadline": pgettext("statute change", "期限"),
        "frequency": pgettext("statute change", "频率"),
        "reporting": pgettext("statute change", "报告"),
        "budget": pgettext("statute change", "经费"),
        "assessment": pgettext("statute change", "考核评价"),
    }.get(field, field)


def part_word(part: str) -> str:
    """Return what an organ does in a duty."""
    return {
        "actor": pgettext("statute part", "承担"),
        "lead": pgettext("statute part", "牵头"),
        "co_actor": pgettext("statute part", "配合"),
    }[part]


def kind_word(kind: str) -> str:
    """Return what kind of body an organ is."""
    words = {
        "government": speak(language(), "人民政府", "people's government"),
        "department": speak(language(), "部门", "department"),
        "congress": speak(language(), "人大", "people's congress"),
        "court": speak(language(), "司法机关", "court or procuratorate"),
        "party": speak(language(), "党委机构", "party body"),
        "polity": speak(language(), "地方", "place acting as a body"),
        "body": speak(language(), "其他机构", "other body"),
        "private": speak(language(), "企业和个人", "firms and persons"),
    }
    return words.get(kind, speak(language(), "未归类", "not classed"))


def lines(rows: Iterable[DutyRow]) -> list[DutyLine]:
    """Return duties in words, numbered in the order given; their bearers must be fetched along."""
    numbers = count(1)
    return [_line(row, 0 if row.standing == DutyRow.Standing.REJECTED else next(numbers)) for row in rows]


def _line(row: DutyRow, number: int) -> DutyLine:
    parts: dict[str, list[Borne]] = {part: [] for part in Bearer.Part.values}
    for one in row.bearers.all():
        parts[one.part].append(Borne(one.organ, one.name, one.kind, one.known, one.inherited))
    return DutyLine(
        row=row,
        number=number,
        actors=tuple(parts["actor"]),
        co_actors=tuple(parts["co_actor"]),
        leads=tuple(parts["lead"]),
        modality=modality_word(row.modality),
        look=look_of(row.modality),
        flags=tuple(flag_word(flag) for flag in FLAGS if getattr(row, flag)),
        doubts=_doubts(row, bool(parts["actor"] or parts["lead"])),
        standing=standing_word(row.standing),
    )


def _doubts(row: DutyRow, named: bool) -> tuple[str, ...]:
    """Return what a person should look at; that nobody is named stands in the place of the name already."""
    if row.standing not in (DutyRow.Standing.READ, DutyRow.Standing.CARRIED):
        return ()
    return tuple(doubt_word(one) for one in row.doubts if named or one != "unnamed")
