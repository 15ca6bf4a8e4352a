"""The gate keeps what a viewer sees of a table for the length of a request: as a question, never as its answer."""

from __future__ import annotations

import pytest

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import viewing
from bridgehead.ground.models import JournalEntry
from bridgehead.ground.people.organisations import edit_organisation
from tests.ground.people import member, organisation

pytestmark = pytest.mark.django_db


def test_two_readers_of_a_table_share_neither_filters_nor_order_nor_rows() -> None:
    viewer = member("t-auditor", organisation("t-office", "department"), "auditor")
    with viewing(viewer):
        every = {entry.pk for entry in visible(JournalEntry)}
        first = visible(JournalEntry).order_by("-pk").filter(pk=max(every))
        assert [entry.pk for entry in first] == [max(every)]
        again = visible(JournalEntry)
        assert not again.query.order_by
        assert {entry.pk for entry in again} == every


def test_what_is_written_in_between_is_seen() -> None:
    office = organisation("t-office", "department")
    viewer = member("t-auditor", office, "auditor")
    writer = member("t-admin", organisation("t-root", "government"), "administrator")
    with viewing(viewer):
        before = len(visible(JournalEntry))
    edit_organisation(by=writer, organisation=int(office.pk), version=1, name_zh="改过的名字")
    with viewing(viewer):
        assert len(visible(JournalEntry)) > before


def test_one_viewer_is_not_shown_what_was_kept_for_another() -> None:
    office = organisation("t-office", "department")
    auditor, officer = member("t-auditor", office, "auditor"), member("t-officer", office, "officer")
    organisation("t-other", "department")
    with viewing(auditor):
        every = visible(JournalEntry).count()
        assert visible(JournalEntry, officer).count() < every
        assert visible(JournalEntry).count() == every
