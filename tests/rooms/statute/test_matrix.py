"""The matrix of a statute and the organs it names."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.test import Client

from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.statute.actions import import_statute
from bridgehead.rooms.statute.models import DutyRow, StatuteVersion
from tests.rooms.statute.conftest import Office

pytestmark = pytest.mark.django_db


@pytest.mark.article(6)
def test_an_organ_has_a_page_with_everything_it_owes(earlier: StatuteVersion, client: Client) -> None:
    with as_system("tests"):
        rows = DutyRow.objects.filter(statute=earlier, bearers__organ="交通运输", bearers__part__in=["actor", "lead"])
        owed = {row.label for row in rows}
    assert owed == {"第三条", "第六条"}
    html = client.get("/organs/交通运输/").content.decode()
    assert all(re.search(rf">\s*{label}\s*</a>", html) for label in owed)
    assert "青石湾自治区渡口服务条例" in html
    listed = client.get("/api/organs").json()["organs"]
    transport = next(one for one in listed if one["organ"] == "交通运输")
    assert (transport["bears"], transport["takes_part"]) == (2, 0)
    helped = next(one for one in listed if one["organ"] == "海关")
    assert (helped["bears"], helped["takes_part"]) == (0, 1)
    assert client.get("/organs/没有这个单位/").status_code == 404


def test_the_matrix_holds_every_duty_once_and_is_filtered(earlier: StatuteVersion, client: Client) -> None:
    work = earlier.work_id
    every = client.get(f"/api/statutes/{work}/duties").json()
    assert every["duties"] == earlier.duties
    must_not = client.get(f"/api/statutes/{work}/duties?modality=must_not").json()
    assert [one["organ"] for one in must_not["organs"]] == ["渡口经营者"]
    assert [cell["id"] for cell in must_not["organs"][0]["articles"]] == ["art_4"]
    departments = client.get(f"/api/statutes/{work}/duties?kind=department").json()["organs"]
    assert {"交通运输", "财政"} <= {one["organ"] for one in departments}
    assert "渡口经营者" not in {one["organ"] for one in departments}
    for query in ("modality=should", "kind=ministry", "chapter=99"):
        assert client.get(f"/api/statutes/{work}/duties?{query}").status_code == 422
    html = client.get(f"/statutes/{work}/matrix/").content.decode()
    assert html.count("<abbr") == 7, "articles 3 to 9 ask something"
    assert "✕" in html


def test_the_matrix_of_a_code_is_shown_in_parts(office: Office, client: Client) -> None:
    articles = [f"第{n}条　{'渡口经营者' if n % 2 else '运输企业'}应当保存第{n}号记录。" for n in range(1, 431)]
    content = "\n".join(["渡口记录条例", "（2020年1月6日青石湾自治区人民政府公布）", *articles]).encode()
    code = import_statute(by=office.viewer, organisation=office.organisation.pk, content=content, name="code.txt")
    pages = [client.get(f"/statutes/{code.work_id}/matrix/?part={part}").content.decode() for part in (1, 2, 3)]
    shown = [set(re.findall(r'#(art_\d+)"', html)) for html in pages]
    assert [len(one) for one in shown] == [210, 210, 10]
    assert len(set.union(*shown)) == 430
    assert all("2 个单位，430 项职责" in html for html in pages)
    assert 'aria-current="page"' in pages[0]
    assert "第二百一十条" in pages[0] or "第210条" in pages[0]
    last = client.get(f"/statutes/{code.work_id}/matrix/?part=99").content.decode()
    assert set(re.findall(r'#(art_\d+)"', last)) == shown[2], "no part there is none of"
    held = client.get(f"/api/statutes/{code.work_id}/duties").json()["organs"]
    assert sum(len(one["articles"]) for one in held) == 430, "the interface gives all of it"


def test_organs_are_found_by_the_name_on_the_screen(client: Client, earlier: StatuteVersion) -> None:
    def found(address: str) -> set[str]:
        return set(re.findall(r'href="/en/organs/([^"]+)/"', client.get(address).content.decode()))

    matrix = f"/en/statutes/{earlier.work_id}/matrix/"
    finance = {quote("财政")}
    assert finance < found(matrix)
    assert found(f"{matrix}?q=finance") == finance
    assert found(f"{matrix}?q=财政") == finance
