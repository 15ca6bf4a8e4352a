"""The pages of the journal."""

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

VIEWS = "bridgehead.ground.screens.views.journal"


def _lists(region: Region) -> Iterable[Example]:
    """Return the whole journal, the reads, and a filter that finds nothing."""
    return [Example(), Example(query="reads=1"), Example(query="who=zzzz&from=2020-01-01&to=2020-01-31")]


def _records(region: Region) -> Iterable[Example]:
    """Return the record somebody changed last, and how it was on a day; nothing while the journal is empty."""
    from bridgehead.ground import database
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import JournalEntry

    if not database.exists():
        return []
    with as_system("finding an example"):
        done = JournalEntry.objects.exclude(action__startswith="read.").order_by("-id")
        entry = done.exclude(actor_id=None).first() or done.first()
    if entry is None:
        return []
    there = {"kind": entry.record_kind, "record": entry.record_id}
    return [Example(there), Example(there, query="on=2035-12-31")]


PAGES: tuple[Page, ...] = (
    Page(
        name="ground:journal",
        path="journal/",
        view=f"{VIEWS}.journal",
        title_zh="日志",
        title_en="Journal",
        description_zh="谁在什么时候代表谁做了什么、改前改后是什么，以及谁看过本单位的数据；改动过的日志会被发现。",
        description_en="Who did what for whom and when, before and after, and who read your data; tampering shows.",
        audience="signed-in",
        articles=(79, 81, 85),
        nav=40,
        api="/journal",
        examples=_lists,
    ),
    Page(
        name="ground:record",
        path="journal/<id:kind>/<id:record>/",
        view=f"{VIEWS}.record",
        title_zh="一条记录的来历",
        title_en="History of a record",
        description_zh="一条记录从头到尾的每次修改，以及它在任何一天是什么样子。",
        description_en="Every change of one record from its beginning, and how it was on any day.",
        audience="signed-in",
        articles=(79, 81),
        api="/journal/{kind}/{record}",
        examples=_records,
    ),
)

DOWNLOADS = (Download(name="journal-csv", path="journal.csv", view=f"{VIEWS}.journal_csv", audience="signed-in"),)
