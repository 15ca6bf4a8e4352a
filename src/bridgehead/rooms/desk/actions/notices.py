"""Actions on notices: marking them as read, choosing which come by e-mail."""

from __future__ import annotations

from collections.abc import Collection

from bridgehead.ground.actions import Deed, action
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Notice, NoticeRead, NoticeReader
from bridgehead.rooms.desk.notice_kinds import KINDS


@action("notice.read")
def mark_read(deed: Deed, *, notice: int) -> None:
    """Mark one notice as read by whoever does it.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``, ``action.not_signed_in``.
    """
    person = _person(deed)
    row = deed.lock(Notice, notice)
    if not NoticeRead.objects.filter(notice=row, person_id=person).exists():
        deed.create(NoticeRead(notice=row, person_id=person))


@action("notice.read_all")
def mark_all_read(deed: Deed) -> NoticeReader:
    """Mark every notice up to now as read by whoever does it.

    Raises
    ------
    BridgeheadError
        ``action.not_signed_in``.
    """
    return deed.change(_reader(deed), read_until=deed.at)


@action("notice.choose_mails")
def choose_mails(deed: Deed, *, shown: Collection[str], wanted: Collection[str]) -> NoticeReader:
    """Choose which kinds of notices come by e-mail, too.

    Parameters
    ----------
    deed : Deed
        Who chooses, for themselves.
    shown : collection of str
        The kinds there were to choose from; what was chosen of others stays.
    wanted : collection of str
        Those that are to come.

    Raises
    ------
    BridgeheadError
        ``form.no_such_choice``, ``action.not_signed_in``.
    """
    row = _reader(deed)
    for kind in wanted:
        if kind not in KINDS:
            deed.refuse("form.no_such_choice", {"value": kind[:40]}, "mailed")
    deed.check()
    chosen = {**row.mailed, **{kind: kind in wanted for kind in shown}}
    return deed.change(row, mailed=dict(sorted(chosen.items())))


def _person(deed: Deed) -> int:
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    return deed.by.person_id


def _reader(deed: Deed) -> NoticeReader:
    person = _person(deed)
    there = NoticeReader.objects.filter(person_id=person).first()
    return deed.lock(NoticeReader, there.pk) if there else deed.create(NoticeReader(person_id=person))
