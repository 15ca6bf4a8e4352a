"""Telling the people of a firm or an office that something happened, on the platform and by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from bridgehead.ground import wording
from bridgehead.ground.access.grants import in_force
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.language import language, named
from bridgehead.ground.mail import KIND as MAIL
from bridgehead.ground.mail import Addressee, letter
from bridgehead.ground.models import Membership, Person
from bridgehead.ground.pages import page_named
from bridgehead.rooms.desk import training_codes
from bridgehead.rooms.desk.models import Notice, NoticeReader
from bridgehead.rooms.desk.notice_kinds import KINDS, Kind

LETTER = "desk.notice"
SCOPE = "cases"
"""Whoever sees the rows of their organisation in this scope reads its notices."""

Word = str | int | date | datetime | Mapping[str, str]
"""A word of a sentence: a text or number as it is, a day, a moment, or a text by language."""
About = tuple[str, Mapping[str, Any]]


def notify(
    deed: Deed,
    *,
    firm: int,
    kind: str,
    about: str | About = "",
    words: Mapping[str, Word] | None = None,
    person: int | None = None,
) -> Notice:
    """Tell the people of a firm or an office something, inside the action it is about.

    Parameters
    ----------
    deed : Deed
        The action; the notice and its mails are written in its transaction.
    firm : int
        The firm or office whose people are told.
    kind : str
        One of `KINDS`.
    about : str or (str, mapping)
        Name of the page to look at, with the values of its path.
    words : mapping
        What the sentence of the kind needs.
    person : int, optional
        The only one it is meant for; everybody there by default.
    """
    declared = KINDS[kind]
    page, kwargs = about if isinstance(about, tuple) else (about, {})
    if page:
        page_named(page)
    told = {name: _as_kept(value) for name, value in (words or {}).items()}
    declared.sentence() % told
    with as_system("telling a firm or an office"):
        notice = deed.create(
            Notice(
                owner_id=firm,
                person_id=person,
                kind=kind,
                words=told,
                page=page,
                kwargs=dict(kwargs),
                told_at=deed.at,
            )
        )
        for one in _wanting(readers(firm, person), declared):
            letter_of = {"words": LETTER, "person": one, "kind": kind}
            deed.enqueue(MAIL, letter_of, key=f"notice-{notice.pk}-{one}", owner_id=firm)
    return notice


def readers(firm: int, person: int | None = None) -> list[int]:
    """Return the people who read the notices of a firm or an office: its members whose role sees its own rows."""
    roles_that_see = [name for name, role in roles().roles.items() if "own" in role.sees]
    rows = Membership.objects.filter(
        in_force(timezone.localdate()), organisation=firm, role__in=roles_that_see, person__is_active=True
    )
    if person is not None:
        rows = rows.filter(person=person)
    return sorted(set(rows.values_list("person_id", flat=True)))


def _wanting(people: Iterable[int], kind: Kind) -> list[int]:
    """Return those who want a kind by e-mail and have an address."""
    there = Person.objects.filter(pk__in=list(people)).exclude(email="").values_list("pk", flat=True)
    chosen = {one.person_id: one.mailed for one in NoticeReader.objects.filter(person_id__in=list(there))}
    return [pk for pk in sorted(there) if chosen.get(pk, {}).get(kind.name, kind.mailed)]


def _as_kept(value: Word) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return dict(value) if isinstance(value, Mapping) else value


def says(notice: Notice) -> str:
    """Return what a notice says, in the language of the request."""
    return KINDS[notice.kind].sentence() % {name: _shown(value) for name, value in notice.words.items()}


def _shown(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    if "at" in value:
        at = timezone.localtime(datetime.fromisoformat(value["at"]))
        return f"{wording.day(at.date(), language())} {at:%H:%M}"
    if "day" in value:
        return wording.day(value["day"], language())
    return named({f"word_{code}": text for code, text in value.items()}, "word")


def _addressee(arguments: Mapping[str, Any]) -> Addressee | None:
    """Return to whom a notice goes by e-mail: the person as they are now, told the name of its kind alone."""
    person = Person.objects.filter(pk=arguments["person"], is_active=True).first()
    if person is None:
        return None
    return Addressee(person.email, person.language, {"name": person.name, "kind": KINDS[arguments["kind"]]})


def register_letters() -> None:
    """Add the mails of the desk to those the platform sends."""
    letter(LETTER, "desk/mail/notice", _addressee)
    letter(training_codes.LETTER, "desk/mail/training", training_codes.addressee)
