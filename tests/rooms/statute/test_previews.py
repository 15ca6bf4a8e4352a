"""An import does what its preview showed, or nothing."""

from __future__ import annotations

import random
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.statute.actions import import_statute, withdraw_version
from bridgehead.rooms.statute.models import StatuteVersion
from tests.rooms.statute.conftest import Office
from tests.statutes import EARLIER, LATER, imported

pytestmark = pytest.mark.django_db


def _preview(client: Client, content: bytes, name: str) -> HttpResponse:
    return client.post("/statutes/import/", {"do": "preview", "file": SimpleUploadedFile(name, content, "text/plain")})


def _hidden(page: HttpResponse) -> dict[str, str]:
    html = page.content.decode()
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if 'name="seen"' in one)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


def _texts() -> int:
    with as_system("tests"):
        return StatuteVersion.objects.filter(withdrawn_at=None).count()


def test_what_changed_since_the_preview_is_shown_before_anything_is_stored(office: Office) -> None:
    client = office.client()
    fields = _hidden(_preview(client, LATER.read_bytes(), LATER.name))
    with as_system("tests"):
        imported(EARLIER)
    refused = client.post("/statutes/import/", fields)
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "statute.preview_outdated" in html
    assert "“青石湾自治区渡口服务条例”的又一个文本" in html, "what it would do by now"
    assert _texts() == 1
    assert client.post("/statutes/import/", _hidden(refused)).status_code == 302
    assert _texts() == 2


def test_an_import_without_a_preview_shows_one(office: Office) -> None:
    client = office.client()
    fields = _hidden(_preview(client, EARLIER.read_bytes(), EARLIER.name))
    fields.pop("seen")
    assert client.post("/statutes/import/", fields).status_code == 409
    assert _texts() == 0


def _large() -> bytes:
    """Return a statute whose text is too large for a page to carry: characters at random cannot be packed."""
    draw = random.Random(7)
    names = "".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(330_000))
    words = [f"第{n}条　渡口应当保存名册{names[n * 1000 : n * 1000 + 1000]}。" for n in range(1, 330)]
    return "\n".join(["名册条例", "（2020年1月1日通过）", *words]).encode()


def test_a_file_too_large_for_a_page_is_chosen_once_more(office: Office) -> None:
    content = _large()
    client = office.client()
    page = _preview(client, content, "names.txt")
    assert page.status_code == 200
    fields = _hidden(page)
    assert "packed" not in fields
    assert 'type="file"' in page.content.decode()
    other = {**fields, "file": SimpleUploadedFile("other.txt", EARLIER.read_bytes(), "text/plain")}
    refused = client.post("/statutes/import/", other)
    assert refused.status_code == 409
    assert "读出 11 条" in refused.content.decode(), "the preview of what was chosen"
    assert _texts() == 0
    again = {**fields, "file": SimpleUploadedFile("names.txt", content, "text/plain")}
    assert client.post("/statutes/import/", again).status_code == 302
    assert _texts() == 1


def test_a_law_without_texts_goes_by_the_title_of_the_next_one(office: Office, earlier: StatuteVersion) -> None:
    withdraw_version(by=office.viewer, statute=earlier.pk, version=earlier.version, reason="导错了")
    given = {"by": office.viewer, "organisation": office.organisation.pk, "work": str(earlier.work_id)}
    content = EARLIER.read_text(encoding="utf-8").replace(earlier.title, "青石湾自治区渡船条例").encode()
    version = import_statute(content=content, name="renamed.txt", **given)
    assert version.work_id == earlier.work_id
    with as_system("tests"):
        version.work.refresh_from_db()
        assert version.work.title == "青石湾自治区渡船条例"


def _day_form(client: Client, address: str) -> dict[str, str]:
    html = client.get(address).content.decode()
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if 'name="form" value="date"' in one)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_the_day_a_text_holds_from_is_given_by_hand(office: Office, earlier: StatuteVersion, client: Client) -> None:
    address = f"/statutes/{earlier.work_id}/"
    own = office.client()
    sent = {**_day_form(own, address), "day": "2019-01-01"}
    refused = own.post(address, sent)
    assert refused.status_code == 422
    assert "早于文本通过的日期" in refused.content.decode()
    assert own.post(address, {**_day_form(own, address), "day": "2019-07-15"}).status_code == 302
    assert "2019 年 7 月 15 日 起适用（由人给出）" in client.get(address).content.decode()
    assert client.get(f"{address}?day=2019-07-01").status_code == 422, "it does not hold yet"
    found = client.get("/api/statutes/find?q=渡口&kind=provision").json()
    assert "2019-07-15" in str(found), "the search names the same day"
    text = client.get("/api/statutes").json()["statutes"][0]["texts"][0]
    assert (text["begins_on"], text["begins_given"]) == ("2019-07-15", True)
    assert own.post(address, {**_day_form(own, address), "day": ""}).status_code == 302
    text = client.get("/api/statutes").json()["statutes"][0]["texts"][0]
    assert (text["begins_on"], text["begins_given"]) == ("2019-06-01", False), "as the text says again"


def test_a_withdrawn_text_is_given_no_day(office: Office, earlier: StatuteVersion) -> None:
    from bridgehead.rooms.statute.actions import date_version

    gone = withdraw_version(by=office.viewer, statute=earlier.pk, version=earlier.version, reason="导错了")
    with pytest.raises(BridgeheadError, match=r"statute\.withdrawn"):
        date_version(by=office.viewer, statute=gone.pk, version=gone.version, day=None)
