"""What something is about: goods by chapters and headings of the Harmonized System, and countries.

Tags are kept as one text, ``,44,4403,``, so that a database finds one of them without a table of its own. A heading
lies in its chapter: what is about 44 concerns whoever asks for 4403, and the other way round. No tag at all means all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from django.db.models import Q

from bridgehead.ground import words
from bridgehead.ground.actions import Deed
from bridgehead.ground.language import LANGUAGES, language, speak
from bridgehead.kernel.errors import BridgeheadError

_BETWEEN = re.compile(r"[,，、;；\n]+")
_GOODS = re.compile(r"(\d{2}|\d{4}|\d{6})(?!\d)")
MOST = 20


@cache
def chapters() -> Mapping[str, tuple[str, str, str, str]]:
    """Return the chapters of the Harmonized System in four languages, in our own short words."""
    with Path(__file__).with_name("goods.csv").open(encoding="utf-8", newline="") as stream:
        return {row["chapter"]: (row["zh"], row["en"], row["ru"], row["mn"]) for row in csv.DictReader(stream)}


def goods_name(code: str) -> str:
    """Return a chapter or heading with its name in the language of the request: ``44 木材、木制品及木炭``."""
    chapter = chapters().get(code[:2])
    return f"{code} {speak(language(), *chapter)}" if chapter else code


def country_name(code: str) -> str:
    """Return the name of a country in the language of the request."""
    return words.country(code)


def goods_options() -> list[tuple[str, str]]:
    """Return every chapter to choose from."""
    return [(code, goods_name(code)) for code in chapters()]


def goods_of(text: str) -> str:
    """Return the chapter or heading somebody typed: its digits, or a word that only one chapter has in its name.

    Raises
    ------
    BridgeheadError
        ``service.no_such_goods``.
    """
    found = _GOODS.match(text.strip())
    if found and found[1][:2] in chapters():
        return found[1]
    word = text.strip().casefold()
    named = [code for code, names in chapters().items() if any(word in name.casefold() for name in names)]
    if len(named) == 1:
        return named[0]
    raise BridgeheadError("service.no_such_goods", {"value": text[:40]})


@cache
def _countries() -> Mapping[str, str]:
    found = {}
    for code in words.country_codes():
        found |= {words.country(code, one).casefold(): code for one in LANGUAGES} | {code.casefold(): code}
    return found


def country_of(text: str) -> str:
    """Return the code of a country somebody typed: by its code, its name or how that alone begins, in any language.

    Raises
    ------
    BridgeheadError
        ``service.no_such_country``.
    """
    word = text.strip().casefold()
    found = _countries().get(word)
    if found is None and len(word) >= 2:
        begins = {code for name, code in _countries().items() if name.startswith(word)}
        found = begins.pop() if len(begins) == 1 else None
    if found is None:
        raise BridgeheadError("service.no_such_country", {"value": text[:40]})
    return found


def read_goods(deed: Deed, text: str, field: str = "goods") -> str:
    """Return goods that were typed, separated by commas, as tags; note in the field what is none."""
    return _read(deed, text, field, goods_of)


def read_countries(deed: Deed, text: str, field: str = "countries") -> str:
    """Return countries that were typed, separated by commas, as tags; note in the field what is none."""
    return _read(deed, text, field, country_of)


def _read(deed: Deed, text: str, field: str, one_of: Callable[[str], str]) -> str:
    found = []
    for part in filter(None, (one.strip() for one in _BETWEEN.split(text))):
        try:
            found.append(one_of(part))
        except BridgeheadError as refused:
            deed.refuse(refused.code, refused.parameters, field)
    if len(found) > MOST:
        deed.refuse("service.too_many_tags", {"most": MOST}, field)
    return kept(found)


def kept(tags: Iterable[str]) -> str:
    """Return tags as they are kept, in order and each once."""
    found = sorted(set(tags))
    return f",{','.join(found)}," if found else ""


def listed(tags: str) -> list[str]:
    """Return kept tags one by one."""
    return [one for one in tags.split(",") if one]


def goods_match(one: str, tags: str) -> bool:
    """Tell whether goods tags concern whoever asks for one chapter or heading."""
    found = listed(tags)
    return not one or not found or any(tag.startswith(one) or one.startswith(tag) for tag in found)


def country_match(one: str, tags: str) -> bool:
    """Tell whether country tags concern whoever asks for one country."""
    return not one or not tags or f",{one}," in tags


def about(goods: str, country: str, *, silent: bool = True) -> Q:
    """Return the filter for rows with ``goods`` and ``countries`` that concern goods and a country.

    Parameters
    ----------
    goods, country : str
        A chapter or heading, and the code of a country; empty ones ask for nothing.
    silent : bool
        Whether rows that name none concern everybody.
    """
    asked = Q()
    if goods:
        wider = Q()
        for length in (2, 4, 6):
            if length < len(goods):
                wider |= Q(goods__contains=f",{goods[:length]},")
        asked &= Q(goods__contains=f",{goods}") | wider | (Q(goods="") if silent else Q())
    if country:
        asked &= Q(countries__contains=f",{country},") | (Q(countries="") if silent else Q())
    return asked


def asked_for(asked: Mapping[str, str]) -> tuple[str, str]:
    """Return the goods and the country a list is asked for in an address; empty for what is none."""
    found = []
    for name, read in (("goods", goods_of), ("country", country_of)):
        text = asked.get(name, "").strip()
        try:
            found.append(read(text) if text else "")
        except BridgeheadError:
            found.append("")
    return found[0], found[1]
