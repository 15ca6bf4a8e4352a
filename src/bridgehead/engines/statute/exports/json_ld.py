"""schema.org Legislation as JSON-LD: one record per statute, its articles inside.

Only what the text says is claimed. Whether a statute is in force is not (``legislationLegalForce``): a text cannot
know that it was repealed. Duties stay out: schema.org has no term for who owes what. Addresses are relative: they
become those of the site the record is published on.
"""

from __future__ import annotations

import json
from typing import Any

from bridgehead.engines.statute.exports.identity import (
    COUNTRY,
    expression_of,
    organ_of,
    passed_by,
    published,
    work_of,
)
from bridgehead.engines.statute.model import Article, Statute

IN_LANGUAGE = "zh-Hans"


def to_json_ld(statute: Statute, *, country: str = COUNTRY) -> bytes:
    """Return a statute as JSON-LD, Chinese as it is read, with a line end at the end."""
    return (json.dumps(legislation(statute, country=country), ensure_ascii=False, indent=2) + "\n").encode()


def legislation(statute: Statute, *, country: str = COUNTRY) -> dict[str, Any]:
    """Return the record of a statute in JSON types.

    Parameters
    ----------
    statute : Statute
        What was read.
    country : str
        Country of the addresses.
    """
    work, expression = work_of(statute, country), expression_of(statute, country)
    day = statute.effect.day
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": expression,
        "exampleOfWork": {"@type": "Legislation", "@id": work},
        "legislationIdentifier": work,
        "name": statute.title,
        "inLanguage": IN_LANGUAGE,
        "legislationDate": _iso(statute.adopted),
        "legislationDateVersion": _iso(statute.last_event),
        "datePublished": _iso(published(statute)),
        "temporalCoverage": f"{day.isoformat()}/.." if day else None,
        "legislationPassedBy": [_organisation(name) for name in passed_by(statute)],
        "publisher": [_organisation(name) for name in _publishers(statute)],
        "encoding": _encoding(statute),
        "hasPart": [_article(article, at, work, expression) for at, article in enumerate(statute.articles, 1)],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _publishers(statute: Statute) -> list[str]:
    named = (organ_of(event) for event in statute.events if event.kind == "published")
    return list(dict.fromkeys(name for name in named if name))


def _encoding(statute: Statute) -> dict[str, str]:
    source = statute.source
    told = {"@type": "LegislationObject", "name": source.name, "sha256": source.sha256}
    return {name: value for name, value in told.items() if value}


def _article(article: Article, at: int, work: str, expression: str) -> dict[str, Any]:
    # The words are those of this version; the identifier names the article in every version.
    return {
        "@type": "Legislation",
        "@id": f"{expression}#{article.id}",
        "legislationIdentifier": f"{work}#{article.id}",
        "name": article.label,
        "position": at,
        "inLanguage": IN_LANGUAGE,
        "text": article.text,
    }
