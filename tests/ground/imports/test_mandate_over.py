"""A mandate that ends while somebody fills in a form: they hear of it, and nothing goes to another organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import ImportRun, Mandate, Organisation, StoredFile
from bridgehead.ground.people.standing_in import give_mandate
from tests.ground.imports.test_screens import signed_in, table, upload, words
from tests.ground.people import PLATFORM, member, organisation

pytestmark = pytest.mark.django_db
ENDED = today() - timedelta(days=3)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.BRIDGEHEAD_DATA = tmp_path
    with as_system("tests"):
        yield


@pytest.fixture
def principal() -> Organisation:
    return organisation("t-principal")


@pytest.fixture
def broker(principal: Organisation) -> Client:
    """Give the browser of a broker whose mandate is over."""
    agent = organisation("t-agent", "broker")
    given = {"principal": principal.pk, "agent": agent.pk, "scopes": ["files", "imports"]}
    mandate = give_mandate(by=PLATFORM, **given, starts_on=ENDED - timedelta(days=9), ends_on=today())
    Mandate.objects.filter(pk=mandate.pk).update(ends_on=ENDED)
    return signed_in(member("t-broker", agent, "broker"))


FORMS = {
    "/files/": {"note": "给客户的说明", "file": ("货单.txt", b"goods\n")},
    "/imports/": {"kind": "enterprises", "file": ("企业.csv", table())},
}


@pytest.mark.parametrize("address", FORMS)
def test_a_form_for_the_principal_tells_when_the_mandate_ended(
    broker: Client, principal: Organisation, address: str
) -> None:
    name, content = FORMS[address]["file"]  # type: ignore[misc]
    sent = {**FORMS[address], "organisation": str(principal.pk), "key": "k" * 32, "file": upload(content, name)}  # type: ignore[arg-type]
    answer = broker.post(address, sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f"单位 t-principal 的委托已于 {ENDED.isoformat()} 结束" in words(answer)
    assert "action.mandate_over" in shown
    assert not re.search(r'<input[^>]*type="hidden"[^>]*name="organisation"', shown)
    if address == "/files/":  # of the tables that are shipped a broker imports none
        assert "给客户的说明" in shown
        # The broker's own organisation is neither filled in nor chosen: whoever sends the form again chooses.
        choice = re.search(r'<select id="organisation".*?</select>', shown, re.DOTALL)
        assert choice is not None
        assert "selected" not in choice[0]
    assert not StoredFile.objects.exists()
    assert not ImportRun.objects.exists()


def test_no_organisation_at_all_is_told_beside_the_field(broker: Client) -> None:
    answer = broker.post("/files/", {"organisation": "nonsense", "file": upload(b"goods\n", "货单.txt")})
    assert answer.status_code == 422
    assert 'id="organisation-says"' in answer.content.decode()


def test_the_only_organisation_is_chosen_at_first(broker: Client) -> None:
    assert '<input type="hidden" name="organisation"' in broker.get("/files/").content.decode()


@pytest.mark.parametrize("page", ["", "members/", "mandates/"])
def test_the_pages_of_the_principal_tell_when_the_mandate_ended(broker: Client, page: str) -> None:
    answer = broker.get(f"/organisations/t-principal/{page}")
    assert answer.status_code == 403
    assert f"的委托已于 {ENDED.isoformat()} 结束" in words(answer)


def test_whoever_never_had_a_mandate_learns_nothing(principal: Organisation) -> None:
    stranger = signed_in(member("t-stranger", organisation("t-other", "broker"), "broker"))
    assert stranger.get("/organisations/t-principal/").status_code == 404
    assert stranger.get("/organisations/t-no-such/").status_code == 404
    answer = stranger.post("/files/", {"organisation": str(principal.pk), "file": upload(b"goods\n", "货单.txt")})
    assert answer.status_code == 422
    assert "t-principal" not in answer.content.decode()
