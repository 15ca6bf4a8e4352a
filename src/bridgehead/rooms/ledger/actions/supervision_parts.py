"""What the actions of supervision check alike: texts, days, bodies, articles, files; everything is told at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from bridgehead.ground.actions import Deed
from bridgehead.ground.files.actions import store_file
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Finding, Inspection, Rectification
from bridgehead.rooms.ledger.who import KEEP, SUPERVISE, body_of
from bridgehead.rooms.statute.public import article_numbers

LONGEST_TITLE = 200
LONGEST_LINE = 500
LONGEST_TEXT = 8000


def today(deed: Deed) -> date:
    """Return the day on which something is done."""
    return timezone.localdate(deed.at)


def told(deed: Deed, text: str, field: str, *, needed: bool = True, longest: int = LONGEST_TEXT) -> str:
    """Return a text without blanks around it; note where it is missing or too long."""
    found = text.strip()
    if needed and not found:
        deed.refuse("form.missing", None, field)
    if len(found) > longest:
        deed.refuse("supervision.too_long", {"limit": longest}, field)
    return found


def not_later(deed: Deed, on: date, field: str) -> None:
    """Note a day that has not come yet: what is recorded has happened."""
    if on > today(deed):
        deed.refuse("supervision.not_yet", {"on": str(on)}, field)


def body(deed: Deed, pk: int | None, field: str) -> Organisation | None:
    """Return a public body that can be asked to do something; note where there is none."""
    try:
        return body_of(deed.by, pk, field)
    except BridgeheadError as unknown:
        for one in unknown.faults:
            deed.refuse(one.code, one.parameters, one.place.field)
        return None


def known_articles(deed: Deed, articles: Iterable[int], *, needed: bool = True, field: str = "articles") -> list[int]:
    """Return article numbers in order, each once; note those the region's regulation does not have, and none at all."""
    found, known = sorted(set(articles)), article_numbers()
    if needed and not found:
        deed.refuse("form.missing", None, field)
    if unknown := [one for one in found if known and one not in known]:
        deed.refuse("supervision.unknown_article", {"articles": unknown}, field)
    return found


def kept_file(deed: Deed, file: Received | None, owner: int, reader: int | None) -> StoredFile | None:
    """Keep the file that came with something, so that the other side can read it, too."""
    if file is None:
        return None
    stored = store_file(by=deed, owner=owner, file=file)
    return deed.change(stored, office_id=reader) if reader not in (None, owner) else stored


def require_keeper(deed: Deed, organisation: int) -> None:
    """Refuse whoever may not keep inspections of an organisation: of the congress, or of a government in its house."""
    own = deed.by.grant_for(SUPERVISE, organisation, to_write=True)
    deed.require(
        SUPERVISE if own is not None or deed.by.grant_for(KEEP, organisation, to_write=True) is None else KEEP,
        organisation,
    )


def refuse_ended(deed: Deed, inspection: Inspection) -> None:
    """Note that an inspection ended: it is read only."""
    if inspection.closed_on is not None:
        deed.refuse("supervision.inspection_ended", {"on": str(inspection.closed_on)})


def refuse_handed_on(deed: Deed, mending: Rectification) -> None:
    """Note that a fault is followed on the list of problems: nothing is handed in, decided or moved here any more."""
    if mending.handed_on is not None:
        deed.refuse("supervision.handed_on", {"on": str(mending.handed_on)})


def refuse_withdrawn(deed: Deed, finding: Finding) -> None:
    """Note that a finding was withdrawn: nothing is mended, moved or withdrawn of it any more."""
    if finding.withdrawn_on is not None:
        deed.refuse("supervision.finding_withdrawn", {"on": str(finding.withdrawn_on)})
