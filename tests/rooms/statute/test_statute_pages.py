"""The pages and operations of the statute room, read as a visitor reads them."""

import csv
import io
import re
import shutil
from html.parser import HTMLParser

import pytest
from django.test import Client

from bridgehead.ground import panels
from bridgehead.ground.access.audience import PUBLIC
from bridgehead.ground.pages import page_named
from bridgehead.ground.region import current, serving
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import SHIPPED_REGION, load_region
from bridgehead.regions.statute import statute_of
from bridgehead.regions.trace import Status, coverage, trace_of

pytestmark = pytest.mark.django_db  # on PostgreSQL a page asks whether there is a database

HAN = re.compile(r"[\u3400-\u9fff]")
VOID = {"br", "meta", "link", "input", "img", "hr"}


class Reader(HTMLParser):
    """Collects visible text, the text in Chinese outside elements marked so, links, and the rows of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.text = ""
        self.stray: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.title_h1 = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        for name in ("title", "aria-label", "placeholder", "alt", "content"):
            if HAN.search(given.get(name) or "") and not (given.get("lang") or "").startswith("zh"):
                self.stray.append(given[name])
        if tag not in VOID:
            inherited = self.stack[-1][1] if self.stack else ""
            self.stack.append((tag, given.get("lang") or inherited))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self.stack]
        if "script" in tags or "style" in tags:
            return
        self.text += data
        if "h1" in tags:
            self.title_h1 += data
        if HAN.search(data) and not self.stack[-1][1].startswith("zh"):
            self.stray.append(data)
        if self.rows and ("td" in tags or "th" in tags):
            self.rows[-1][-1] += data


def read(path: str, status: int = 200) -> Reader:
    response = Client().get(path)
    assert response.status_code == status, path
    reader = Reader()
    reader.feed(response.content.decode())
    return reader


def body_rows(reader: Reader) -> list[list[str]]:
    return [row for row in reader.rows if row and row[0].strip().isdigit()]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def without_statute(tmp_path):
    """Serve a copy of the shipped region that has no regulation."""
    folder = tmp_path / "region"
    shutil.copytree(SHIPPED_REGION, folder)
    shutil.rmtree(folder / "statute")
    (folder / "trace.toml").unlink()
    settings = (folder / "region.toml").read_text(encoding="utf-8")
    settings = re.sub(r"\[statute\][^\[]*", "", settings)
    (folder / "region.toml").write_text(settings, encoding="utf-8")
    with serving(folder) as loaded:
        yield loaded


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_list_opens_with_the_counts_and_shows_every_article(prefix):
    table = coverage(current().region)
    page = read(f"{prefix}/articles/")
    numbers = [int(number) for number in re.findall(r"\d+", page.title_h1)]
    assert numbers == [len(table.rows), *(count for count in table.by_status.values() if count)]
    rows = body_rows(page)
    assert [int(row[0]) for row in rows] == [row.article.number for row in table.rows]
    language = "en" if prefix else "zh"
    for shown, row in zip(rows, table.rows, strict=True):
        assert row.article.title(language) in shown[1]
        assert row.article.gist(language) in shown[1]
        assert row.status(language) in shown[4]


@pytest.mark.article(6)
@pytest.mark.parametrize(("prefix", "language"), [("", "zh"), ("/en", "en")])
def test_an_organ_finds_every_article_that_names_it(prefix, language):
    articles = statute_of(current().region).articles
    organs = {organ for article in articles.values() for organ in article.actors(language)}
    assert len(organs) > 40
    texts = {row["article"]: "\n".join(row.text(name) for name in row).casefold()
             for row in current().region.rows("statute/articles")}  # fmt: skip
    for organ in sorted(organs)[::4]:
        named = {number for number, article in articles.items() if organ in article.actors(language)}
        found = {int(row[0]) for row in body_rows(read(f"{prefix}/articles/?q={organ}"))}
        assert named <= found, organ
        # Whatever else is found holds the words in cells of its row: nothing comes up without a reason.
        parts = organ.casefold().split()
        assert found == {number for number, text in texts.items() if all(part in text for part in parts)}, organ
        assert len(found) < len(articles) / 2, organ
    page = words(read(f"{prefix}/articles/6/").text)
    for organ in articles[6].actors(language):
        assert organ in page


def test_search_works_in_both_languages_on_either_page_and_says_when_nothing_is_found():
    zh = body_rows(read("/articles/?q=单一窗口"))
    en = body_rows(read("/en/articles/?q=单一窗口"))
    other = body_rows(read("/articles/?q=single+WINDOW"))
    assert [row[0] for row in zh] == [row[0] for row in en] == [row[0] for row in other] == ["49"]
    assert body_rows(read("/articles/?q=zzzz")) == []
    assert "没有找到" in read("/articles/?q=zzzz").text
    assert "Nothing found" in read("/en/articles/?q=zzzz").text
    partial = {int(row[0]) for row in body_rows(read("/articles/?status=partial&room=gateway"))}
    entries = trace_of(current().region).articles.values()
    assert partial == {e.article for e in entries if e.status == Status.PARTIAL and e.room == "gateway"}
    hostile = read("/articles/?q=%3Cscript%3Ealert(1)%3C/script%3E%00")
    assert "<script>alert(1)</script>" in hostile.title_h1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=nearly", "request.bad_filter"),
        ("room=cellar", "request.bad_filter"),
        ("q=" + "口" * 201, "request.too_long"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_on_page_and_api(query, code):
    assert code in read(f"/articles/?{query}", 422).text
    response = Client().get(f"/api/articles?{query}")
    assert response.status_code == 422
    assert response.json()["error"]["code"] == code


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_article_page_says_what_it_asks_what_serves_it_and_what_is_missing(prefix):
    language = "en" if prefix else "zh"
    region = current().region
    statute, trace = statute_of(region), trace_of(region)
    for number, article in statute.articles.items():
        page = read(f"{prefix}/articles/{number}/")
        text = words(page.text)
        assert str(number) in page.title_h1
        assert article.title(language) in page.title_h1
        assert words(article.gist(language)) in text
        for word in (*article.actors(language), *article.systems(language), *article.strength(language)):
            assert word in text, (number, word)
        entry = trace.articles[number]
        for said in (entry.missing, entry.reason):
            if said:
                assert words(said.say(language)) in text
        for feature in (*trace.features_of(number, built=True), *trace.features_of(number, built=False)):
            assert feature.name.say(language) in text
        for name in entry.pages:
            named = page_named(name)
            if (named.needs or named.audience != PUBLIC) and "<" in named.path:
                continue  # a record, reached from the page it is chosen on
            path = named.path.partition("<")[0]
            assert any(link.startswith(f"{prefix}/{path}") for link in page.links), (number, name)
        for name in (*entry.tests, *entry.engine):
            assert name in text
        neighbours = {n for n in (number - 1, number + 1) if n in statute.articles}
        assert {f"{prefix}/articles/{n}/" for n in neighbours} <= set(page.links)
        if prefix:
            assert page.stray == [], number


def test_english_lists_hold_no_chinese_that_is_not_marked():
    for path in ("/en/articles/", "/en/articles/?q=海关", "/en/articles/?q=zzzz", "/en/coverage/"):
        assert read(path).stray == [], path


def test_the_text_is_said_to_be_absent_and_its_fingerprint_shown():
    row = next(row for row in current().region.rows("statute/fingerprints") if row["article"] == 43)
    page = words(read("/articles/43/").text)
    assert f"{row['paragraphs']} 款，{row['characters']} 个字" in page
    assert row["sha256"][:12] in page
    assert "平台不带原文" in page


@pytest.mark.parametrize("number", ["0", "87", "99999999999999999999999"])
def test_an_article_that_does_not_exist_is_a_helpful_404(number):
    page = read(f"/articles/{number}/", 404)
    assert "statute.unknown_article" in page.text
    assert "从第 1 条到第 86 条" in page.text
    response = Client().get(f"/api/articles/{number}?lang=en")
    assert response.status_code == 404
    assert response.json()["error"]["cure"] == "The articles run from 1 to 86; choose one from the list."


def test_an_article_number_that_is_no_number_is_refused_by_the_api():
    response = Client().get("/api/articles/nine")
    assert response.status_code == 422
    assert response.json()["error"]["faults"][0]["place"]["field"] == "article"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_of_coverage_counts_what_the_trace_says(prefix):
    table = coverage(current().region)
    page = read(f"{prefix}/coverage/")
    language = "en" if prefix else "zh"
    shown = body_rows(page)
    assert [int(row[0]) for row in shown] == [row.article.number for row in table.rows]
    assert [words(row[2]) for row in shown] == [row.status(language) for row in table.rows]
    totals = next(row for row in page.rows if row and row[0] in ("合计", "Total"))
    assert [int(cell) for cell in totals[1:]] == [*table.by_status.values(), len(table.rows)]
    rooms = [row for row in page.rows if len(row) == len(Status) + 2 and row[-1].isdigit() and row is not totals]
    assert [int(row[-1]) for row in rooms] == list(table.by_room.values())
    for row in rooms:
        assert sum(int(cell) for cell in row[1:-1]) == int(row[-1])


def test_the_csv_of_coverage_has_one_row_an_article():
    response = Client().get("/coverage.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    table = coverage(current().region)
    assert [int(row["article"]) for row in rows] == [row.article.number for row in table.rows]
    assert [row["status"] for row in rows] == [row.trace.status.value for row in table.rows]
    assert all(row["missing_zh"] and row["missing_en"] for row in rows if row["status"] == "partial")
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)


def test_the_api_says_what_the_pages_say():
    client = Client()
    listed = client.get("/api/articles?lang=en&q=customs").json()
    assert [one["article"] for one in listed["articles"]] == [
        int(row[0]) for row in body_rows(read("/en/articles/?q=customs"))
    ]
    assert listed["found"] == len(listed["articles"])
    one = client.get("/api/articles/9?lang=en").json()
    article = statute_of(current().region).articles[9]
    assert one["gist"] == article.gist_en
    assert one["systems"] == list(article.systems_en)
    assert one["status"] == "partial"
    assert one["missing"]
    assert {feature["built"] for feature in one["features"]} == {True, False}
    counted = client.get("/api/coverage").json()
    assert counted["articles"] == len(counted["rows"]) == sum(counted["by_status"].values())
    assert counted["articles"] == sum(counted["by_room"].values())


def test_a_panel_of_another_room_stands_on_the_article_it_speaks_of(monkeypatch, settings, tmp_path):
    (tmp_path / "came_of_it.html").write_text("<p>{{ panel.words }}</p>", encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    monkeypatch.setattr(panels, "_registered", [])
    panels.register(
        "article",
        "落实情况",
        "What came of it",
        lambda article: {"words": f"three trains for {article}"} if article == "14" else None,
        "came_of_it.html",
    )
    assert "three trains for 14" in read("/articles/14/").text
    assert "落实情况" in read("/articles/14/").text
    assert "What came of it" in read("/en/articles/14/").text
    assert "落实情况" not in read("/articles/15/").text


def test_a_region_without_a_regulation_says_so(without_statute):
    for path, said in (
        ("/articles/", "这个地区没有收录条例"),
        ("/articles/?q=口岸", "这个地区没有收录条例"),
        ("/coverage/", "这个地区没有收录条例"),
        ("/en/articles/", "This region has no regulation"),
        ("/en/coverage/", "This region has no regulation"),
    ):
        page = read(path)
        assert said in page.title_h1
        if path.startswith("/en"):
            assert page.stray == []
    assert "statute.no_such_statute" in read("/articles/1/", 404).text
    client = Client()
    assert client.get("/api/articles").json() == {"found": 0, "total": 0, "articles": []}
    assert client.get("/api/coverage").json()["articles"] == 0
    assert client.get("/api/articles/1").status_code == 404
    assert client.get("/coverage.csv").content.decode("utf-8-sig").count("\n") == 1


def test_articles_without_a_trace_are_shown_as_not_recorded(tmp_path):
    folder = tmp_path / "region"
    shutil.copytree(SHIPPED_REGION, folder)
    (folder / "trace.toml").write_text("# nothing recorded yet\n", encoding="utf-8")
    with serving(folder):
        page = read("/articles/")
        assert page.title_h1 == "86 条"
        assert {words(row[4]) for row in body_rows(page)} == {"未登记"}
        assert "还没有登记这一条由什么功能服务" in read("/articles/9/").text
        assert read("/coverage/").title_h1 == "86 条"
        assert Client().get("/api/articles/9").json()["status"] is None


def test_a_trace_that_cannot_be_right_stops_the_region_with_its_place(tmp_path):
    folder = tmp_path / "region"
    shutil.copytree(SHIPPED_REGION, folder)
    trace = (folder / "trace.toml").read_text(encoding="utf-8")
    broken = trace.replace(
        '[article.9]\nroom = "gateway"\nstatus = "partial"', '[article.9]\nroom = "gate"\nstatus = "so-so"'
    )
    assert broken != trace
    (folder / "trace.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(BridgeheadError) as caught:
        load_region(folder)
    places = {(fault.code, fault.place.field) for fault in caught.value.faults}
    assert places == {("region.trace_value", "article.9.room"), ("region.trace_value", "article.9.status")}


def test_other_rooms_read_titles_and_addresses_through_the_public_module():
    from bridgehead.rooms.statute import public

    article = statute_of(current().region).articles[9]
    assert public.title(9) == article.title_zh
    assert public.address(9) == "/articles/9/"
    assert public.titles((9, 999)) == ((9, article.title_zh, "/articles/9/"),)
    assert public.address(999) == public.title(999) == ""
