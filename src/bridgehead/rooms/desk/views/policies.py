"""Pages of the policy library: the list, one policy, writing an edition, what waits for officers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.policies import (
    LONGEST_WORDS,
    EditionTold,
    check_edition,
    drop_edition,
    enter_policy,
    publish_edition,
    return_edition,
    take_over,
    withdraw_policy,
    write_edition,
)
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.selectors.library import (
    STATES,
    PolicyPage,
    entries_of,
    library,
    policy_page,
    search,
    state_word,
)
from bridgehead.rooms.desk.selectors.policy_desk import policy_desk
from bridgehead.rooms.desk.selectors.replies import replies_about
from bridgehead.rooms.desk.who import KEEP

LANGUAGES_TOLD = ("zh", "en", "ru", "mn")
State = PolicyEdition.State


def policies(request: HttpRequest) -> HttpResponse:
    """Show the policies, by whom they are about and whether they are in force, or what a search finds of them.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    q = asked.get("q", "").strip()
    seen = library(asked.get("subject", "")[:40], asked.get("state", STATES[0]))
    found = search(viewer, q, number(asked.get("page", "1")) or 1)
    context = {
        "seen": seen,
        "hits": entries_of(found) if found else (),
        "states": [(one, state_word(one)) for one in (*STATES, "all")],
        "q": q,
        "found": found,
        "keeps": bool(able_in(viewer, KEEP)),
    }
    return render(request, "desk/policies.html", context)


def policy(request: HttpRequest, policy: str) -> HttpResponse:
    """Show one policy; let those who keep it check, approve or withdraw it.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen, answer = taken_of(request, lambda: policy_page(viewer, policy), partial(_offers, viewer))
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:policy', args=[policy])}?done={answer.done}")
    context = {
        "seen": seen,
        "replies": replies_about(policy),
        "forms": answer.states,
        "refused": answer.refused,
        "filling": answer.refused.filling if answer.refused else None,
    }
    return drawn(request, "desk/policy.html", context, answer.status)


def _offers(viewer: Viewer, page: PolicyPage) -> list[Offer]:
    """Return the forms of a policy: what its open draft waits for, a new check, its withdrawal."""
    record, draft, shown = page.entry.policy, page.draft, page.entry.edition
    found: list[Offer] = []
    blank = {"compared_with": "", "expires_on": ""}
    if draft is not None and page.keeps:
        found.append(Offer("check", partial(_check, viewer, draft), blank, draft.version))
        found.append(Offer("drop", partial(_drop, viewer, draft), {}, draft.version))
    waits = draft is not None and draft.state == State.CHECKED and viewer.person_id not in draft.writers
    if draft is not None and waits and page.approves:
        found.append(Offer("publish", partial(_publish, viewer, draft), {}, draft.version))
        found.append(Offer("return", partial(_return, viewer, draft), {"reason": ""}, draft.version))
    if shown.is_open and page.keeps and shown.published_by != viewer.person_id:
        found.append(Offer("renew", partial(_check, viewer, shown), blank, shown.version))
    if record.is_open and record.withdrawn_on is None and page.approves:
        found.append(Offer("withdraw", partial(_withdraw, viewer, record), {"reason": ""}, record.version))
    return found


def _check(viewer: Viewer, row: PolicyEdition, sent: Sent) -> None:
    told = {"compared_with": sent.text("compared_with"), "expires_on": sent.day("expires_on")}
    check_edition(by=viewer, edition=row.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _drop(viewer: Viewer, row: PolicyEdition, sent: Sent) -> None:
    drop_edition(by=viewer, edition=row.pk, version=sent.version, once=sent.once)


def _publish(viewer: Viewer, row: PolicyEdition, sent: Sent) -> None:
    publish_edition(by=viewer, edition=row.pk, version=sent.version, once=sent.once)


def _return(viewer: Viewer, row: PolicyEdition, sent: Sent) -> None:
    return_edition(by=viewer, edition=row.pk, version=sent.version, once=sent.once, reason=sent.text("reason"))


def _withdraw(viewer: Viewer, record: Policy, sent: Sent) -> None:
    withdraw_policy(by=viewer, policy=record.pk, version=sent.version, once=sent.once, reason=sent.text("reason"))


def write(request: HttpRequest, policy: str) -> HttpResponse:
    """Write what a policy is to say from a day on.

    Articles: 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: PolicyPage) -> list[Offer]:
        draft = page.draft
        values = _values(draft or page.entry.edition)
        values |= {"holds_from": str(draft.holds_from if draft else timezone.localdate())}
        written = partial(_write, viewer, page)
        return [Offer("write", written, values, draft.version if draft else None)] if page.keeps else []

    seen, answer = taken_of(request, lambda: policy_page(viewer, policy), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:policy', args=[policy])}?done=write")
    context = {
        "seen": seen,
        "languages": LANGUAGES_TOLD,
        "limits": LONGEST_WORDS,
        **_shown(answer.states.get("write")),
    }
    return drawn(request, "desk/policy_write.html", context, answer.status)


def _write(viewer: Viewer, page: PolicyPage, sent: Sent) -> None:
    write_edition(
        by=viewer,
        policy=page.entry.policy.pk,
        version=sent.version if page.draft else None,
        told=_told(sent),
        once=sent.once,
        unread=sent.unread,
    )


def enter(request: HttpRequest) -> HttpResponse:
    """Enter a new policy.

    Articles: 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)
    made: list[PolicyEdition] = []

    def save(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        made.append(enter_policy(by=viewer, owner=owner.pk, told=_told(sent), once=sent.once, unread=sent.unread))

    blank = dict.fromkeys(_fields(), "") | {"rule": BLANK_RULE, "organisation": "", "holds_from": "", "change": ""}
    answer = taken(request, lambda: [Offer("write", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:policy", args=[made[0].policy.code]))
    context = {
        "languages": LANGUAGES_TOLD,
        "limits": LONGEST_WORDS,
        "organisations": choices(able),
        **_shown(answer.states["write"]),
    }
    return drawn(request, "desk/policy_write.html", context, answer.status)


def office(request: HttpRequest) -> HttpResponse:
    """Show what waits in the library; take over the region's own policies as drafts.

    Articles: 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)

    def take(sent: Sent) -> None:
        take_over(by=viewer, owner=sent.organisation(viewer, able).pk, once=sent.once, unread=sent.unread)

    answer = taken(request, lambda: [Offer("take", take, {"organisation": ""})] if able else [])
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:policy-office')}?done=take")
    form = answer.states.get("take")
    context = {
        "seen": policy_desk(viewer),
        "form": form,
        "filling": form.filling if form else None,
        "organisations": choices(able),
    }
    return drawn(request, "desk/policy_office.html", context, answer.status)


BLANK_RULE = """id:
title:
title_zh:
issuer:
doc_no:
scope: national
valid_from: ''
valid_to: null
subject: enterprise
conditions:
- fact:
  op: eq
  value:
benefit:
  kind: tax_exempt
  measure: tax_due
  unit: CNY
  formula: '0'
  rounding: {places: 2, mode: half_up}
source:
evidence: seen
confidence: high
articles: [76]
note: ''
"""


def _fields() -> list[str]:
    return [f"{kind}_{language}" for kind in LONGEST_WORDS for language in LANGUAGES_TOLD]


def _values(row: PolicyEdition) -> dict[str, str]:
    """Return what a form is filled in with: an edition as it is."""
    words: Mapping[str, Mapping[str, str]] = row.words
    said = {name: words.get(name.split("_")[0], {}).get(name.split("_")[1], "") for name in _fields()}
    return said | {"rule": row.rule, "change": row.change}


def _told(sent: Sent) -> EditionTold:
    words: dict[str, dict[str, str]] = {}
    for name in _fields():
        kind, language = name.split("_")
        words.setdefault(kind, {})[language] = sent.text(name)
    return EditionTold(sent.text("rule"), words, sent.day("holds_from"), sent.text("change"))


def _shown(form: object) -> dict[str, object]:
    return {"form": form, "filling": getattr(form, "filling", None)}
