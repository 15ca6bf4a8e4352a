"""The modelled use of a border in words: the share, what it is measured by, and what stands there without one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.capacities import Basis, basis_of
from bridgehead.rooms.gateway.selectors.comparison import Comparison
from bridgehead.rooms.gateway.selectors.modelled import NOTHING


@dataclass(frozen=True, slots=True)
class Use:
    """The modelled use of a border in words.

    ``words`` is the share or what stands in its place; ``note`` what it rests on or why it says nothing; ``firm``
    tells whether a published capacity and a model near the report let it be read as a fact.
    """

    words: str
    note: str = ""
    firm: bool = False


def use_of(share: float | None, basis: Basis | None, compared: Comparison, absent: str) -> Use:
    """Return a use in words; ``absent`` says why the model has nothing of the port."""
    if compared.modelled_t is None and share is None:
        return Use(absent)
    if compared.far:
        part = compared.share or 0.0
        if part < NOTHING:
            return Use(_("不作判断"), _("模型没有把报告的货分到这里"))
        return Use(_("不作判断"), _("模型分到报告的 %(share)s") % {"share": wording.percent(part, language())})
    if share is None:
        return Use(wording.number(None, language()))
    said = _("几乎没有货") if 0 < share < NOTHING else wording.percent(share, language())
    notes = {Basis.ASSUMED: _("能力为等级假设"), Basis.JUDGED: _("能力为估计"), Basis.PEAK: _("对已知最高日")}
    return Use(said, notes.get(basis, "") if basis else "", firm=basis is Basis.SOURCED)


def basis_at(loaded: Loaded, port: str) -> Basis | None:
    """Return what the capacity of the fullest border link of a port rests on, None without a capacity."""
    use = modelled.border_use(loaded, port)
    links = [use.link] if use is not None else modelled.border_links(loaded, port)
    return next((basis_of(link.capacity_basis) for link in links if link.capacity), None)


def absent(row: Row, year: int) -> str:
    """Return why the model has nothing of a port: it is none for freight, was not open, or is not in the model."""
    if not names.is_land(row):
        return _("不适用")
    return _("不在模型里") if names.opened_by(row, year) else _("当年未开放")
