"""Actions on public copies: publishing the dossier of an article, and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import fitting, give_reason, today
from bridgehead.rooms.ledger.models import Publication
from bridgehead.rooms.ledger.selectors.dossiers import when
from bridgehead.rooms.ledger.selectors.publication_copy import choosable, digest_of, only, whole_copy
from bridgehead.rooms.ledger.who import PUBLISH


@action("publication.publish", permission=PUBLISH)
def publish_dossier(
    deed: Deed, *, owner: int, article: int, year: int, sections: Sequence[str], note: str = "", seen: str = ""
) -> Publication:
    """Publish the dossier of an article as it stands now; an open copy of the same article and year is withdrawn.

    Parameters
    ----------
    deed : Deed
        Who publishes it.
    owner : int
        The body that answers for it.
    article, year : int
        Which dossier.
    sections : sequence of str
        Which sections the public sees: these and no others, so that none is no copy.
    note : str
        What the body says to the public beside it.
    seen : str
        Digest of all the sections there were for the person to choose from; any where it is empty.

    Raises
    ------
    BridgeheadError
        ``dossier.no_such_article``, ``request.bad_filter``, ``publication.no_sections``,
        ``publication.unknown_section``, ``publication.changed_since_seen``, ``form.text_too_long``.

    Articles: 7
    """
    deed.require_in(owner)
    asked = when(str(year))
    whole = whole_copy(deed.by, Organisation.objects.get(pk=owner), article, asked)
    known = [key for key, _ in choosable(whole, "zh")]
    said = fitting(deed, note, "note")
    if not sections:
        deed.refuse("publication.no_sections", {}, "sections")
    for key in sorted(set(sections) - set(known)):
        deed.refuse("publication.unknown_section", {"section": key}, "sections")
    deed.check()
    chosen = [key for key in known if key in set(sections)]
    if seen and seen != digest_of(whole):
        deed.refuse("publication.changed_since_seen", {"article": article})
        deed.check()
    content = only(whole, chosen)
    for earlier in Publication.objects.filter(owner=owner, article=article, year=year, withdrawn_on=None):
        deed.change(earlier, withdrawn_on=today(deed), is_open=False, reason="")
    return deed.create(
        Publication(
            owner_id=owner,
            article=article,
            year=year,
            as_of=asked.on,
            sections=chosen,
            content=content,
            sha256=digest_of(content),
            note=said,
            published_on=today(deed),
        )
    )


@action("publication.withdraw", permission=PUBLISH)
def withdraw_publication(deed: Deed, *, publication: int, version: int) -> Publication:
    """Withdraw a public copy, with a reason: from then on nobody outside sees it.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``publication.withdrawn``.

    Articles: 7
    """
    row = deed.lock(Publication, publication, version)
    deed.require_in(row.owner_id)
    reason = give_reason(deed)
    if row.withdrawn_on is not None:
        deed.refuse("publication.withdrawn", {"on": str(row.withdrawn_on)})
    deed.check()
    return deed.change(row, withdrawn_on=today(deed), is_open=False, reason=reason)
