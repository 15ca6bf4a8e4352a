"""The search: found by exactly those who may see it, in the words of either language, the best first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import ANONYMOUS, Grant, Viewer, system, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation, SearchEntry, StoredFile
from bridgehead.ground.people.organisations import adopt_region, create_organisation, edit_organisation
from bridgehead.ground.region import Loaded, current, serving
from bridgehead.ground.search import find as finding
from bridgehead.ground.search import registry
from bridgehead.ground.search.find import Found, find
from bridgehead.ground.search.index import catch_up, index_record, out_of_step, rebuild, unindex
from bridgehead.ground.search.region import thesaurus
from bridgehead.ground.search.registry import Document, Searchable
from bridgehead.ground.search.scope import Standing, condition
from bridgehead.ground.search.shelves import LONGEST_TEXT, Shelf, database_shelf, memory_shelf
from bridgehead.ground.search.snippets import snippet
from bridgehead.kernel.bigrams import fold, parts, phrase, query
from bridgehead.kernel.errors import BridgeheadError

pytestmark = pytest.mark.django_db
EVERYBODY = condition(ANONYMOUS)
PLATFORM = system("test")


def document(record: object, title: str, text: str = "", **more: Any) -> Document:
    return Document(record=str(record), title_zh=title, title_en="", text=text, page="ground:search", **more)


def put(shelf: Shelf, documents: Iterable[Document]) -> None:
    with viewing(PLATFORM):
        shelf.put("thing", "public", ((one, Standing()) for one in documents))


def records(shelf: Shelf, asked: str) -> set[str]:
    """Return the records whose entries hold a query anywhere."""
    ids = [id_ for id_, _, _ in shelf.ranked(query(asked), EVERYBODY, 1000, kind="thing")]
    return {record for _, _, record, *_ in shelf.entries(ids, EVERYBODY)}


def found_by(viewer: Viewer, q: str, kind: str = "") -> Found:
    with viewing(viewer):
        return find(current(), viewer, q, kind)


def ids(found: Found, kind: str) -> list[str]:
    return [hit.record for group in found.groups for hit in group.hits if hit.kind == kind]


@pytest.fixture(params=["database", "memory"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "memory":
        return memory_shelf()
    kept = database_shelf()
    with viewing(PLATFORM):  # the organisations of the region are there before every test
        kept.remove("organisation", list(SearchEntry.objects.values_list("record", flat=True)))
    return kept


# Both shelves find the same


@given(
    texts=st.lists(st.text(alphabet="口岸线满洲，a", min_size=1, max_size=30), min_size=1, max_size=12, unique=True),
    needles=st.lists(st.text(alphabet="口岸线满洲", min_size=1, max_size=4), min_size=1, max_size=6),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_han_is_found_if_and_only_if_it_is_part_of_the_text(texts: list[str], needles: list[str], shelf: Shelf) -> None:
    with transaction.atomic():
        put(shelf, (document(place, "", text) for place, text in enumerate(texts)))
        for needle in needles:
            expected = {str(place) for place, text in enumerate(texts) if needle in text}
            assert records(shelf, needle) & {str(p) for p in range(len(texts))} == expected, needle
        shelf.remove("thing", [str(place) for place in range(len(texts))])


def test_an_entry_is_replaced_with_its_tokens_and_goes_with_them(shelf: Shelf) -> None:
    put(shelf, [document(1, "满洲里", "铁路"), document(2, "策克", "公路")])
    assert records(shelf, "铁路") == {"1"}
    put(shelf, [document(1, "二连浩特", "航空")])
    assert records(shelf, "铁路") == records(shelf, "满洲") == set()
    assert records(shelf, "二连 航空") == {"1"}
    shelf.remove("thing", ["1"])
    assert records(shelf, "航空") == set()
    put(shelf, [document(1, "满洲里")])
    assert records(shelf, "二连") == set(), "no tokens are left behind for the next entry"


def test_names_and_text_are_apart_and_so_are_two_names(shelf: Shelf) -> None:
    put(shelf, [document(1, "甘其", "毛都", names=("口岸", "线路"))])
    for across in ("其毛", "岸线", "都口"):
        assert records(shelf, across) == set(), across
    assert records(shelf, "甘其 毛都 口岸 线路") == {"1"}


def test_any_text_can_be_indexed_and_long_ones_to_a_stated_length(shelf: Shelf) -> None:
    long = "岸" * (LONGEST_TEXT - 2) + "满洲里"
    put(shelf, [document(1, "x" * 999, long), document(2, "\x00'\\:*\"", "\x00' & | ! <-> :* \\ '' \" NEAR(a b)")])
    assert records(shelf, "near") == {"2"}
    assert records(shelf, "满洲") == {"1"}
    assert records(shelf, "洲里") == set()
    put(shelf, [document(3, "", " ".join(f"w{number}" for number in range(3000)))])
    assert records(shelf, "w17") >= {"3"}


@given(asked=st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_either_database(asked: str, shelf: Shelf) -> None:
    if query(asked):
        with transaction.atomic():
            shelf.counts(query(asked), EVERYBODY, 10)
            shelf.ranked(thesaurus(current()).widened(asked), EVERYBODY, 10, names_only=True)


# What is shown


@given(before=st.text(max_size=30), text=st.text(alphabet="满洲里<>&\"' ab", min_size=1, max_size=30))
def test_a_snippet_is_text_with_marks_and_nothing_else(before: str, text: str) -> None:
    sought = tuple(phrase(part) for part in parts("满洲 ab"))
    shown = snippet(f"{before}满洲{text}", sought, "zh")
    bare = re.sub(r"</?mark>|</?span(?: lang=\"en\")?>", "", shown.html)
    assert "<" not in bare
    assert ">" not in bare
    assert unescape(bare) == shown.text
    marked = [fold(unescape(one)) for one in re.findall("<mark>(.*?)</mark>", shown.html, re.DOTALL)]
    assert marked
    assert all(one.startswith(("满洲", "ab")) for one in marked)


def test_a_snippet_is_a_line_in_the_language_of_the_page_if_it_can_be() -> None:
    text = "railway port <b>\n铁路口岸 port\n别的"
    sought = tuple(phrase(part) for part in parts("port"))
    assert snippet(text, sought, "zh").html == "铁路口岸 <mark>port</mark>"
    assert snippet(text, sought, "en").html == "railway <mark>port</mark> &lt;b&gt;"
    only = snippet("铁路 port", sought, "en").html
    assert only == '<span lang="zh">铁路 <mark>port</mark></span>'
    assert snippet("nothing", sought, "en").text == ""
    long = "岸" * 200 + "port" + "线" * 200
    shown = snippet(long, sought, "zh")
    assert shown.text.startswith("…岸")
    assert shown.text.endswith("线…")
    assert "port" in shown.text
    assert len(shown.text) < 80


def test_what_somebody_typed_never_becomes_part_of_the_page(client: Client) -> None:
    with viewing(PLATFORM):
        Organisation.objects.create(code="x", name_zh="<script>满洲里</script>", kind="enterprise", is_public=True)
    rebuild()
    html = client.get("/search/", {"q": "满洲里 script"}).content.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;满洲里" in html


# The region


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_with_a_name_is_found_by_it(language: str) -> None:
    for table, kind in (
        *(("ports", "port"), ("places", "place"), ("corridors", "corridor")),
        *(("commodities", "commodity"), ("projects", "project"), ("scenarios", "scenario")),
    ):
        for row in current().region.rows(table):
            asked = row.text(f"name_{language}")[:190]
            assert row.text("id") in ids(found_by(ANONYMOUS, asked, kind), kind), asked
            assert row.text("id") in ids(found_by(ANONYMOUS, row.text("id"), kind), kind), row.text("id")


def test_the_very_name_comes_first_then_names_then_texts() -> None:
    row = current().region.rows("ports")[0]
    assert ids(found_by(ANONYMOUS, row.text("name_en").upper()), "port")[0] == row.text("id")
    shelf = memory_shelf()
    titles = ["铁路口岸满洲里", "满洲里铁路", "满洲里", "策克"]
    put(shelf, [*(document(title, title, "x") for title in titles), document("text", "别的", "满洲里，满洲里")])
    loaded = Loaded(current().region, current().store)
    loaded.remember("search.shelf", lambda: shelf)
    registry.register(Searchable(kind="thing", title_zh="物", title_en="Things", of_region=lambda region: ()))
    try:
        order = ids(find(loaded, ANONYMOUS, "满洲里"), "thing")
    finally:
        registry._registered.pop("thing")
    assert order == ["满洲里", "满洲里铁路", "铁路口岸满洲里", "text"]


def test_an_article_is_found_by_its_number_in_both_languages() -> None:
    for words in ("第 12 条", "第12条", "12条", "12 条", "article 12", "Article 12", "Art. 12", "art 12", "ART.  12"):
        assert ids(found_by(ANONYMOUS, words), "article")[0] == "12", words
    for words in ("第1条", "第 1 条", "article 1", "Art. 1", "1"):
        assert ids(found_by(ANONYMOUS, words), "article")[0] == "1", words


@pytest.mark.slow
def test_each_synonym_of_the_region_finds_what_the_others_find() -> None:
    region = current().region
    groups = [(*(row["words_zh"] or ()), *(row["words_en"] or ())) for row in region.rows("synonyms")]  # type: ignore[misc]
    assert len(groups) >= 80
    hits = 0
    for group in groups:
        each = [found_by(ANONYMOUS, word) for word in group]
        # A word typed in part may be the beginning of a longer one, so it finds at least what the others find.
        literal = [found_by(ANONYMOUS, f"“{word}”").found for word in group]
        assert all(one.found >= max(literal) for one in each), group
        hits += max(literal) > 0
    assert hits >= 0.75 * len(groups), "most groups have to do with something that is there"


def test_quotation_marks_leave_synonyms_out_and_the_page_says_what_else_was_asked_for(client: Client) -> None:
    widened, literal = found_by(ANONYMOUS, "NDRC"), found_by(ANONYMOUS, '"NDRC"')
    assert "发展改革委" in widened.also
    assert not literal.also
    assert widened.found > literal.found
    html = client.get("/en/search/", {"q": "NDRC"}).content.decode()
    assert "Only the words as typed" in html


def test_a_region_without_synonyms_or_statute_is_searched_as_well(second_region: Any, client: Client) -> None:
    with serving(second_region) as loaded:
        row = loaded.region.rows("ports")[0]
        assert row.text("id") in ids(find(loaded, ANONYMOUS, row.text("name_en")), "port")
        assert not find(loaded, ANONYMOUS, "NDRC").also
        assert client.get("/search/", {"q": "第12条"}).status_code == 200


def test_where_the_whole_finds_nothing_its_parts_are_offered() -> None:
    found = found_by(ANONYMOUS, "rail zzzz")
    assert found.found == 0
    assert [text for text, _ in found.parts] == ["rail"]
    assert found_by(ANONYMOUS, "zzzz").parts == ()


# Who finds what


def enterprise(code: str, name: str, office: Organisation | None = None) -> Organisation:
    made: Organisation = create_organisation(
        by=PLATFORM, code=code, name_zh=name, kind="enterprise", office=office.pk if office else None
    )
    return made


@pytest.fixture
def people() -> dict[str, Viewer]:
    """Two enterprises of one name in the books of an office, and everybody who might look for them."""
    adopt_region(by=PLATFORM, region=current().region)
    office, other = (Organisation.objects.get(code=code) for code in ("nm-swt", "nm-ndrc"))
    a, b = enterprise("ent-a", "甲，秘密物流有限公司", office), enterprise("ent-b", "乙，秘密物流有限公司")
    broker = create_organisation(by=PLATFORM, code="brk", name_zh="报关行", kind="broker")

    def viewer(person: int, *grants: Grant) -> Viewer:
        return Viewer(person_id=person, name=str(person), grants=grants)

    mandate = Grant(a.pk, "broker", mandate_id=1, scopes=frozenset({"files"}), member_of=broker.pk)
    return {
        "anonymous": ANONYMOUS,
        "signed in": viewer(1),
        "enterprise a": viewer(2, Grant(a.pk, "enterprise")),
        "enterprise b": viewer(3, Grant(b.pk, "enterprise_admin")),
        "broker with mandate": viewer(4, Grant(broker.pk, "broker"), mandate),
        "officer": viewer(5, Grant(office.pk, "officer")),
        "other office": viewer(6, Grant(other.pk, "officer")),
        "auditor": viewer(7, Grant(other.pk, "auditor")),
        "platform": PLATFORM,
    }


def test_everybody_finds_what_the_gate_shows_them_and_nothing_else(people: dict[str, Viewer]) -> None:
    with viewing(PLATFORM):
        both = set(Organisation.objects.filter(code__in=("ent-a", "ent-b")).values_list("pk", flat=True))
        every = list(Organisation.objects.all())
    told = {}
    for name, viewer in people.items():
        with viewing(viewer):
            seen = {str(pk) for pk in visible(Organisation).values_list("pk", flat=True)}
        found = found_by(viewer, "秘密物流")
        assert set(ids(found, "organisation")) == {str(pk) for pk in both} & seen, name
        assert found.found == len(both & set(map(int, seen))), name
        assert [(kind.kind, count) for kind, count in found.counts] == (
            [("organisation", found.found)] if found.found else []
        ), name
        told[name] = found.found
        public = found_by(viewer, "内蒙古", "organisation")
        assert public.found == sum(
            "内蒙古" in one.name_zh or "Inner Mongolia" in one.name_en for one in every if str(one.pk) in seen
        ), name
    assert told == {
        **{"anonymous": 0, "signed in": 0, "enterprise a": 1, "enterprise b": 1, "broker with mandate": 0},
        **{"officer": 1, "other office": 0, "auditor": 2, "platform": 2},
    }


def test_a_file_is_found_by_its_owner_its_office_and_the_broker_entrusted_with_files_until_it_is_withdrawn(
    people: dict[str, Viewer],
) -> None:
    @action("file.put")
    def put_file(deed: Deed, *, owner: Organisation) -> StoredFile:
        kept = {"kind": "pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size_b": 1, "uploaded_at": deed.at}
        return deed.create(StoredFile(owner=owner, office=owner.office, name="发票 2024.pdf", note="焦煤合同", **kept))

    @action("file.take_back")
    def take_back(deed: Deed, *, file: int) -> StoredFile:
        return deed.change(deed.lock(StoredFile, file), withdrawn_at=deed.at)

    with viewing(PLATFORM):
        owner = Organisation.objects.get(code="ent-a")
    file = put_file(by=PLATFORM, owner=owner)
    for q in ("发票", "焦煤 2024", "炼焦煤"):
        told = {name: found_by(viewer, q, "file").found for name, viewer in people.items()}
        assert {name for name, count in told.items() if count} == {
            *("enterprise a", "broker with mandate", "officer", "auditor", "platform"),
        }, q
    assert out_of_step() == ()
    take_back(by=PLATFORM, file=file.pk)
    assert all(found_by(viewer, "发票", "file").found == 0 for viewer in people.values())
    assert out_of_step() == ()


def test_neither_counts_nor_suggestions_nor_pages_tell_of_what_one_may_not_see(
    people: dict[str, Viewer], client: Client
) -> None:
    for name in ("anonymous", "signed in", "other office", "broker with mandate"):
        found = found_by(people[name], "秘密物流 zzzz")
        assert found.parts == (), name
        hidden = found_by(people[name], "秘密物流", "organisation")
        assert (hidden.found, hidden.pages, hidden.groups, hidden.counts) == (0, 1, (), ()), name
    assert "秘密物流" not in re.sub(
        '“秘密物流”|value="秘密物流"|秘密物流”', "", client.get("/search/?q=秘密物流").content.decode()
    )
    assert client.get("/api/search?q=秘密物流").json()["found"] == 0


def test_a_page_is_found_by_those_it_admits() -> None:
    def documents(region: object) -> Iterable[Document]:
        yield replace(document("open", "稀奇的页面"), audience="public")
        yield replace(document("inner", "稀奇的页面"), audience="signed-in")
        yield replace(document("audit", "稀奇的页面"), audience="journal.read")

    registry.register(Searchable(kind="thing", title_zh="物", title_en="Things", of_region=documents))
    try:
        loaded = Loaded(current().region, current().store)
        for viewer, expected in (
            (ANONYMOUS, {"open"}),
            (Viewer(person_id=1), {"open", "inner"}),
            (Viewer(person_id=1, grants=(Grant(1, "auditor"),)), {"open", "inner", "audit"}),
            (PLATFORM, {"open", "inner", "audit"}),
        ):
            assert set(ids(find(loaded, viewer, "稀奇"), "thing")) == expected
    finally:
        registry._registered.pop("thing")


def test_the_second_lock_holds(people: dict[str, Viewer]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security")
    for name, viewer in people.items():
        with viewing(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT record FROM ground_searchentry WHERE kind = 'organisation'")
            there = {int(record) for (record,) in cursor.fetchall()}
            assert there == set(visible(Organisation).values_list("pk", flat=True)), name
            cursor.execute("SELECT polqual IS NOT NULL FROM pg_policy WHERE polrelid = 'ground_searchentry'::regclass")
            assert cursor.fetchall() == [(True,)]


def test_an_entry_of_any_standing_is_found_by_the_rule_of_the_gate_and_behind_the_lock(
    people: dict[str, Viewer],
) -> None:
    """Owners, offices and persons in every scope: the condition, the policy and the rule written out say the same."""
    with viewing(PLATFORM):
        known = [
            *Organisation.objects.filter(code__in=("ent-a", "ent-b", "brk", "nm-swt")).values_list("pk", flat=True)
        ]
    standings = [
        Standing(scope, is_open, (owner, second), office, person)
        for scope in ("files", "cases", "accounts")
        for is_open in (False, True)
        for owner, second in ((None, None), *((one, None) for one in known), (known[0], known[1]))
        for office in (None, known[3])
        for person in (None, 3)
    ]
    with viewing(PLATFORM):
        shelf = database_shelf()
        shelf.put("thing", "public", ((document(n, "独一无二"), one) for n, one in enumerate(standings)))
    for name, viewer in people.items():
        expected = {
            n
            for n, one in enumerate(standings)
            if one.is_open
            or viewer.wholly(one.scope)
            or set(one.owners) & viewer.owners_in(one.scope)
            or one.office in viewer.offices_in(one.scope)
            or (viewer.signed_in and one.person == viewer.person_id)
        }
        with viewing(viewer):
            may = condition(viewer)
            found = [id_ for id_, _, _ in shelf.ranked(query("独一无二"), may, 1000)]
            assert {int(row[2]) for row in shelf.entries(found, may)} == expected, name
            assert shelf.counts(query("独一无二"), may, 1000) == {"thing": len(expected)}, name
            if connection.vendor == "postgresql":
                locked = shelf.run("SELECT record FROM ground_searchentry WHERE kind = %s", ("thing",))
                assert {int(record) for (record,) in locked} == expected, name


# Kept in step


def test_an_action_changes_the_index_with_the_record_or_not_at_all() -> None:
    made = enterprise("ent", "秘密物流")
    assert ids(found_by(PLATFORM, "秘密物流"), "organisation") == [str(made.pk)]
    edit_organisation(by=PLATFORM, organisation=made.pk, version=made.version, name_zh="公开运输")
    assert found_by(PLATFORM, "秘密物流").found == 0
    assert ids(found_by(PLATFORM, "公开运输"), "organisation") == [str(made.pk)]
    with pytest.raises(BridgeheadError, match="organisation"):
        edit_organisation(by=PLATFORM, organisation=made.pk, version=made.version + 1, name_zh="")
    assert ids(found_by(PLATFORM, "公开运输"), "organisation") == [str(made.pk)]
    with transaction.atomic():
        made.name_zh = "半途而废"
        index_record(made)
        transaction.set_rollback(True)
    assert found_by(PLATFORM, "半途而废").found == 0
    unindex("organisation", made.pk)
    assert found_by(PLATFORM, "公开运输").found == 0


def test_a_rebuild_makes_good_whatever_is_out_of_step_and_changes_nothing_the_second_time() -> None:
    adopt_region(by=PLATFORM, region=current().region)
    assert out_of_step() == ()

    def everything() -> list[tuple[Any, ...]]:
        with viewing(PLATFORM):
            return sorted(SearchEntry.objects.values_list())

    right = everything()
    with viewing(PLATFORM):
        SearchEntry.objects.filter(record__endswith="7").delete()
        put(database_shelf(), [document(1, "a kind of the past")])
        database_shelf().put("organisation", "public", [(document(10**9, "never was"), Standing())])
    assert out_of_step() == ("organisation",)
    told: list[tuple[int, int]] = []
    rebuild(progress=lambda done, total: told.append((done, total)))
    with viewing(PLATFORM):
        assert told[-1][0] == told[-1][1] == Organisation.objects.count()
    assert out_of_step() == ()
    again = everything()
    rebuild()
    assert everything() == again
    assert {row[1:] for row in again} == {row[1:] for row in right}
    with viewing(PLATFORM):
        SearchEntry.objects.update(edition=0)
    assert [one.kind for one in catch_up()] == ["organisation"]
    assert out_of_step() == ()
    with viewing(PLATFORM):
        SearchEntry.objects.update(scope="another")
    assert out_of_step() == ("organisation",)
    catch_up()
    assert {row[1:] for row in everything()} == {row[1:] for row in right}


def test_a_kind_nobody_registered_is_refused() -> None:
    with pytest.raises(BridgeheadError) as caught:
        rebuild("port")
    assert caught.value.code == "search.unknown_kind"
    with pytest.raises(BridgeheadError) as caught:
        found_by(ANONYMOUS, "x", "nothing")
    assert caught.value.code == "request.bad_filter"
    with pytest.raises(ValueError, match="either"):
        registry.register(Searchable(kind="none", title_zh="", title_en=""))
    with pytest.raises(ValueError, match="audience"):
        registry.register(
            Searchable(kind="none", title_zh="", title_en="", of_region=lambda region: (), audience="nobody")
        )


# Page and operation


def test_the_page_filters_by_kind_and_turns_pages(client: Client) -> None:
    adopt_region(by=PLATFORM, region=current().region)
    every = client.get("/api/search?q=人民政府").json()
    assert {one["kind"]: one["found"] for one in every["kinds"]}["organisation"] > finding.A_PAGE
    seen: list[str] = []
    first = client.get("/api/search?q=人民政府&kind=organisation").json()
    for page in range(1, first["pages"] + 1):
        answer = client.get(f"/api/search?q=人民政府&kind=organisation&page={page}").json()
        assert answer["page"] == page
        seen += [one["id"] for one in answer["results"]]
    assert len(seen) == len(set(seen)) == first["found"]
    beyond = client.get("/api/search?q=人民政府&kind=organisation&page=999").json()
    assert beyond["page"] == first["pages"]
    html = client.get("/search/?q=人民政府&kind=organisation&page=2").content.decode()
    assert f"<h1>“人民政府”：找到 {first['found']} 项</h1>" in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
    assert html.count('aria-current="true"') >= 1
    for bad in ("kind=x", "page=0", "page=x", f"q={'岸' * 201}"):
        assert client.get(f"/search/?{bad}").status_code in (404, 422), bad
        assert client.get(f"/api/search?{bad}").status_code in (404, 422), bad


def test_more_than_are_counted_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt_region(by=PLATFORM, region=current().region)
    monkeypatch.setattr(finding, "MOST_COUNTED", 50)
    monkeypatch.setattr(finding, "MOST_RANKED", 30)
    answer = client.get("/api/search?q=人民政府").json()
    assert answer["more"] is True
    assert "项以上" in client.get("/search/?q=人民政府").content.decode()
    assert len(client.get("/api/search?q=人民政府&kind=organisation&page=2").json()["results"]) == 10


def test_the_same_question_in_the_other_language(client: Client) -> None:
    for code in ("zh", "en"):
        answer = client.get(f"/api/search?q=Manzhouli&lang={code}").json()
        assert answer["found"] > 5
        assert {one["kind"] for one in answer["results"]} >= {"port", "place"}
        assert all(one["address"].startswith("/en/") == (code == "en") for one in answer["results"] if one["address"])
