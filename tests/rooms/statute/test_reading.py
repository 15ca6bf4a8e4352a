"""A statute beside its duties: its text whole, duties underlined, references that lead somewhere, days and versions."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.statute.model import Passage, Span
from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.statute.actions import date_version, import_statute
from bridgehead.rooms.statute.models import DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import reading_of
from bridgehead.rooms.statute.selectors.marking import Mark, pieces
from tests.rooms.statute.conftest import Office
from tests.statutes import EARLIER

pytestmark = pytest.mark.django_db


def _text(html: str) -> str:
    html = re.sub(r'<sup class="k">.*?</sup>', "", html, flags=re.S)
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.mark.article(86)
def test_the_page_says_every_word_of_the_text(earlier: StatuteVersion, client: Client) -> None:
    html = client.get(f"/statutes/{earlier.work_id}/").content.decode()
    for article in reading_of(earlier).statute.articles:
        at = html.index(f'<article class="pair" id="{article.id}"')
        provision = html[at : html.index("</article>", at)].split('<div class="duty"')[0]
        assert re.sub(r"\s+", "", article.text) in _text(provision), article.label


def test_duties_are_underlined_by_modality_and_tied_to_the_text(earlier: StatuteVersion, client: Client) -> None:
    html = client.get(f"/statutes/{earlier.work_id}/").content.decode()
    for look in ("must", "mustnot", "may", "encourage", "support"):
        assert f'<mark class="{look}"' in html, look
    with as_system("tests"):
        rows = list(DutyRow.objects.filter(statute=earlier))
    for row in rows:
        assert f'id="{row.eid}"' in html
        assert f'href="#{row.eid}"' in html, f"{row.eid}: no number in the text leads to it"


def test_what_is_shown_as_evidence_stands_in_the_source(earlier: StatuteVersion) -> None:
    text = EARLIER.read_text(encoding="utf-8")
    with as_system("tests"):
        for row in DutyRow.objects.filter(statute=earlier):
            shown = re.sub(r"\s+", "", row.evidence)
            assert shown == re.sub(r"\s+", "", text[row.start : row.end])
            assert row.start <= row.what_start < row.what_end <= row.end


@pytest.mark.article(84, 85)
def test_a_reference_leads_to_the_provision_it_names(office: Office, earlier: StatuteVersion, client: Client) -> None:
    html = client.get(f"/statutes/{earlier.work_id}/").content.decode()
    at = html.index('id="art_9"')
    assert re.search(r'<a href="#art_4">\s*本条例第四条\s*</a>', html[at : html.index("</article>", at)])
    named = html[html.index('id="art_4"') : html.index('id="art_5"')]
    assert re.search(r'引用这一条的：\s*<a href="#art_9">\s*第九条\s*</a>', named), "and back from what it names"
    with as_system("tests"):
        row = DutyRow.objects.filter(statute=earlier, article_eid="art_9").first()
    page = client.get(f"/duties/{row.pk}/").content.decode()
    assert f'href="/statutes/{earlier.work_id}/?version={earlier.pk}#art_4"' in page, "from other pages, to the text"
    naming = "\n".join(
        [
            "东岸市渡口收费办法",
            "（2020年1月6日东岸市人民政府公布）",
            "第一条　渡口经营者违反《青石湾自治区渡口服务条例》第四条规定收费的，由市场监督管理部门依照该条例处罚。",
            "第二条　本办法自2020年3月1日起施行。",
        ]
    )
    other = import_statute(
        by=office.viewer, organisation=office.organisation.pk, content=naming.encode(), name="fees.txt"
    )
    page = client.get(f"/statutes/{other.work_id}/").content.decode()
    link = re.search(r'<a href="([^"]+)">\s*《青石湾自治区渡口服务条例》第四条', page)
    assert link is not None
    assert link.group(1) == f"/statutes/{earlier.work_id}/#art_4"


def test_a_text_is_found_by_day_and_by_version(later: StatuteVersion, earlier: StatuteVersion, client: Client) -> None:
    work = later.work_id
    assert client.get(f"/api/statutes/{work}").json()["shown"] == later.pk
    assert client.get(f"/api/statutes/{work}?day=2020-01-01").json()["shown"] == earlier.pk
    assert client.get(f"/api/statutes/{work}?day=2024-09-26").json()["shown"] == later.pk
    assert client.get(f"/api/statutes/{work}?day=2024-09-25").json()["shown"] == earlier.pk
    assert client.get(f"/api/statutes/{work}?version={earlier.pk}").json()["shown"] == earlier.pk
    assert client.get(f"/api/statutes/{work}?day=2018-01-01").status_code == 422
    assert client.get(f"/api/statutes/{work}?day=yesterday").status_code == 422
    assert client.get(f"/api/statutes/{work}?version=99999").status_code == 404
    assert "不是今天适用的文本" in client.get(f"/statutes/{work}/?version={earlier.pk}").content.decode()


def test_the_statutes_are_found_by_words_of_two_characters_and_marked(earlier: StatuteVersion, client: Client) -> None:
    found = client.get("/api/statutes/find?q=封冻").json()
    assert found["found"] == 0
    found = client.get("/api/statutes/find?q=预约").json()
    assert {one["kind"] for one in found["results"]} >= {"provision", "duty"}
    html = client.get("/statutes/find/?q=预约").content.decode()
    assert "<mark>预约</mark>" in html


@pytest.mark.parametrize("kind", ["docx", "csv", "akn", "jsonld", "text"])
def test_a_statute_is_exported(kind: str, earlier: StatuteVersion, client: Client) -> None:
    answer = client.get(f"/statutes/versions/{earlier.pk}.{kind}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    content = answer.content
    if kind == "text":
        assert content == EARLIER.read_bytes()
    if kind == "csv":
        assert len(content.decode("utf-8-sig").splitlines()) == earlier.duties + 1
    if kind == "jsonld":
        assert json.loads(content)["@type"] == "Legislation"
    if kind == "akn":
        from bridgehead.engines.statute.exports.akn_reading import from_akn

        articles = from_akn(content).statute.articles
        assert [one.text for one in articles] == [one.text for one in reading_of(earlier).statute.articles]
    assert client.get(f"/statutes/versions/{earlier.pk}.exe").status_code == 404


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=6),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_pieces_put_together_are_the_passage(stretches: list[tuple[int, int]], lengths: list[int]) -> None:
    text = "".join(chr(0x4E00 + at) for at in range(sum(lengths)))
    placed, here, there = [], 0, 3
    for length in lengths:
        placed.append((here, there, length))
        here, there = here + length, there + length + 2
    passage = Passage(text, tuple(placed))
    marks = [Mark(Span(start, start + length), number=str(at)) for at, (start, length) in enumerate(stretches)]
    found = pieces(passage, marks)
    assert "".join(one.text for one in found) == text
    for mark in marks:
        own = [one for one in found if one.duty is mark]
        assert "".join(one.text for one in own) in ("", passage.within(mark.span)) or len(marks) > 1
        assert sum(one.first for one in own) == sum(one.last for one in own) == bool(own)


def test_no_page_shows_another_days_text_as_todays(office: Office, earlier: StatuteVersion, client: Client) -> None:
    with as_system("tests"):
        duty = DutyRow.objects.filter(statute=earlier, bearers__organ="渡口经营者").first()
    pages = (f"/statutes/{earlier.work_id}/matrix/?version={earlier.pk}", f"/duties/{duty.pk}/", "/organs/渡口经营者/")
    for page in pages:
        assert "不是今天适用的文本" not in client.get(page).content.decode(), page
    date_version(by=office.viewer, statute=earlier.pk, version=earlier.version, day=date(2999, 1, 1))
    for page in pages:
        assert "不是今天适用的文本" in client.get(page).content.decode(), page
