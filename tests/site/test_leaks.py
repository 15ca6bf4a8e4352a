"""Not one leak: every declared page, operation, file and search, asked for as everybody, with every record's number.

A new page is walked by itself. It fails here if its path has a value the world of the test knows nothing to fill in.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override

from bridgehead.ground import pages as declared
from bridgehead.ground.access.audience import PUBLIC, known_audience
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.ground.pages import Download, Page
from bridgehead.ground.region import current
from bridgehead.site.api import api
from tests.site.confidential import READERS
from tests.site.forms import FILE, Forms
from tests.site.tenants import ALL, Tenants, tenants

pytestmark = pytest.mark.django_db

MOST_EXAMPLES = 1
_VALUE = re.compile(r"<(?:[a-z]+:)?(\w+)>|\{(?:[a-z]+:)?(\w+)\}")
LEDGER = ("ledger", "evidence", "figure", "programme", "supervision")
"""What audiences of pages of the ledger begin with."""
ABOUT_ONESELF = ("sign-", "account/", "forgotten-", "new-password/", "first-administrator/")
"""What paths of pages begin with that show nobody but who asks; they find nothing by words."""
SEARCH_FIELDS = ("q", "who")
SEARCHED = ("name", "member", "file", "reason")


@dataclass(frozen=True)
class Door:
    """One address somebody may knock at."""

    name: str
    address: str
    posts: bool = False

    @property
    def searches(self) -> bool:
        """Whether it is asked for secret words."""
        return any(f"{field}=" in self.address.partition("?")[2] for field in SEARCH_FIELDS)


@pytest.fixture
def world() -> Tenants:
    return tenants()


def doors(world: Tenants) -> Iterator[Door]:
    """Yield every address: pages in both languages, files, operations, each with every record it can be asked for."""
    for page in declared.pages():
        for kwargs, query in _asked(page, world):
            yield Door(page.name, page.address("zh", declared.Example(kwargs, query)), page.posts)
            if not query:
                yield Door(page.name, page.address("en", declared.Example(kwargs)), page.posts)
    for one in declared.downloads():
        for kwargs, query in _asked(one, world):
            yield Door(f"files:{one.name}", one.address(declared.Example(kwargs, query)))
    for path, operation in _operations():
        for address in _operation_addresses(path, world):
            yield Door(f"{operation.methods[0]} {path}", address)


def _asked(one: Page | Download, world: Tenants) -> Iterator[tuple[dict[str, Any], str]]:
    with override("zh-hans"), as_system("tests"):
        examples = one.addresses(current().region)[:MOST_EXAMPLES]
    yield from ((dict(example.kwargs), example.query) for example in examples)
    for kwargs in _filled(one.path, world, bool(examples)):
        yield kwargs, ""
    if not _VALUE.search(one.path):
        searched = _keeps_records(one.audience, one.name) and not one.path.startswith(ABOUT_ONESELF)
        yield from (({}, query) for query in (_searches(world) if searched else ()))


def _keeps_records(audience: str, name: str) -> bool:
    """Tell whether a page may show records by words: what is public shows the region's tables, except the search.

    Lists of the ledger are narrowed by choices, not by words.
    """
    return name.startswith("ground:") or (audience != PUBLIC and audience.partition(".")[0] not in LEDGER)


def _searches(world: Tenants) -> Iterator[str]:
    for tenant in (world.first, world.second):
        yield from (f"{field}={tenant.words[name]}" for field in SEARCH_FIELDS for name in SEARCHED)


def _filled(path: str, world: Tenants, has_examples: bool) -> Iterator[dict[str, Any]]:
    """Yield the values of a path for every record of both enterprises."""
    names = [first or second for first, second in _VALUE.findall(path)]
    if not names:
        return
    known = world.fillings()
    if names == ["kind", "record"]:
        yield from ({"kind": kind, "record": record} for kind, record in known["kind+record"])
        return
    if names in (["port"], ["port", "run"]):
        # Runs are of the officers together, no enterprise has one.
        yield {name: {"port": "ganqimaodu", "run": "base"}[name] for name in names}
        return
    if len(names) == 1 and names[0] in known:
        fits = str if "<id:" in path or "{" in path else int
        yield from ({names[0]: value} for value in known[names[0]] if isinstance(value, fits))
        return
    assert has_examples, f"{path}: the world of the leak test has nothing to fill in for {names}"


def _operations() -> list[tuple[str, Any]]:
    found = []
    for _, router in api._routers:
        for path, view in router.path_operations.items():
            found += [(f"{path}", operation) for operation in view.operations]
    return found


def _operation_addresses(path: str, world: Tenants) -> Iterator[str]:
    beside = next((page for page in declared.pages() if page.api == path.replace("path:", "")), None)
    names = [second for _, second in _VALUE.findall(path)]
    if not names:
        yield f"/api{path}"
        if beside is None or _keeps_records(beside.audience, beside.name):
            yield from (f"/api{path}?{query}" for query in _searches(world))
        return
    if beside is not None:
        with as_system("tests"):
            examples = beside.addresses(current().region)[:MOST_EXAMPLES]
        yield from (beside.api_address(example.kwargs, example.query) for example in examples)
    for kwargs in _filled(path, world, beside is not None):
        address = path
        for name, value in kwargs.items():
            address = re.sub(r"\{(?:[a-z]+:)?" + name + r"\}", quote(str(value), safe=""), address)
        yield f"/api{address}"


def _body(response: HttpResponse) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if content.startswith(b"PK"):  # a document of Word is an archive
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace") + str(dict(response.headers))


def _echoed(address: str, word: str) -> bool:
    """Tell whether a word was in the question: an answer may repeat what was asked."""
    return word in address


STRANGERS = ("enterprise A", "enterprise B", "anonymous")
"""An owner, the nearest stranger and a visitor; the slow suite walks as everybody."""


def _in(language: str, world: Tenants) -> list[Door]:
    """Return the addresses in one language; what has none, as files and operations, counts as Chinese."""
    return [door for door in doors(world) if door.address.startswith("/en/") == (language == "en")]


@pytest.mark.article(79)
@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_strangers_see_nothing_of_an_enterprise(
    language: str, world: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = _walk(world, STRANGERS, capsys, _in(language, world))
    assert seen["enterprise B"] == seen["anonymous"] == set()
    # What stands in a file is on no page.
    assert seen["enterprise A"] >= ALL - ({"content"} if language == "en" else set()), "the walk would not see a leak"


OF_THE_LEDGER = ("ledger:", "files:ledger", "GET /ledger")
COLLEAGUES = ("officer of another office", "coordination office")


@pytest.mark.article(6)
def test_a_task_is_seen_by_who_gave_it_and_who_takes_part_and_by_no_colleague_elsewhere(
    world: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [door for door in _in("zh", world) if door.name.startswith(OF_THE_LEDGER) and not door.searches]
    seen = _walk(world, COLLEAGUES, capsys, asked)
    assert seen["officer of another office"] == set()
    assert seen["coordination office"] == set(world.ledger.words)


@pytest.mark.slow
def test_nobody_sees_what_is_not_theirs(world: Tenants, capsys: pytest.CaptureFixture[str]) -> None:
    # Strangers are shown every page in both languages; here each is read in one.
    seen = _walk(world, tuple(world.people), capsys, _in("zh", world))
    # The walk would see a leak: whoever may see a secret does come to see it somewhere.
    assert seen["enterprise A"] == ALL
    # The journal keeps no facts a firm told of itself, so an auditor sees that they changed and not what they are.
    assert seen["auditor"] == ALL - {"told"} | set(world.ledger.words)
    assert all(seen[role] >= set(world.ledger.words) for role in READERS)
    assert {"name", "file", "content"} <= seen["broker with a mandate"]
    assert {"file", "content"} <= seen["officer of its office"]


def _walk(
    world: Tenants, roles: tuple[str, ...], capsys: pytest.CaptureFixture[str], everything: list[Door]
) -> dict[str, set[str]]:
    """Ask for everything as everybody; return which secrets of the first enterprise and the ledger each came to see."""
    secrets = {**world.first.words, **world.ledger.words}
    leaks: list[str] = []
    seen: dict[str, set[str]] = {}
    requests = 0
    for role in roles:
        client = _client(world.people[role])
        forbidden = world.forbidden(role)
        own = seen.setdefault(role, set())
        shut: set[str] = set()
        for door in everything:
            if door.searches and door.name in shut:
                continue  # whom a page refuses as it is, it refuses whatever they ask it for
            requests += 1
            response = client.get(door.address)
            assert response.status_code < 500, (role, door)
            if response.status_code in (401, 403):
                shut.add(door.name)
            body = _body(response)
            for word, whose in forbidden.items():
                if word in body and not _echoed(door.address, word):
                    leaks.append(f"{role} sees {whose} at {door.address} ({response.status_code})")
            for name, word in secrets.items():
                if word in body and not _echoed(door.address, word):
                    own.add(name)
    with capsys.disabled():
        names = {door.name for door in everything}
        print(
            f"\nleak test: {len(names)} pages, files and operations, {len(everything)} addresses"
            f" by {len(roles)} people in {requests} requests, {len(leaks)} leaks"
        )
    assert not leaks, "\n".join(leaks[:40])
    return seen


def test_a_search_for_a_secret_finds_it_for_those_alone_who_may_see_it(world: Tenants) -> None:
    for role, person in world.people.items():
        client = _client(person)
        for tenant, name in ((world.first, "first"), (world.second, "second")):
            word = tenant.words["name"]
            told = client.get(f"/api/search?q={word}").json()
            found = any(word in str(one) for one in told.get("results", told.get("found", [])))
            assert not (found and word in world.forbidden(role)), (role, name)
    told = _client(world.people["enterprise A"]).get(f"/api/search?q={world.first.words['name']}").json()
    assert world.first.words["name"] in str({**told, "q": ""})


STRANGERS_WHO_POST = ("anonymous", "enterprise B", "broker whose mandate ended", "officer of its office", "auditor")


def test_a_form_sent_for_the_records_of_another_changes_nothing(world: Tenants) -> None:
    _post_as(world, STRANGERS_WHO_POST)


@pytest.mark.slow
def test_no_form_of_another_is_taken_from_anybody(world: Tenants) -> None:
    _post_as(world, tuple(role for role in world.people if role not in ("enterprise A", "administrator")))


@pytest.mark.slow
def test_nobody_changes_what_the_ledger_keeps_of_others(world: Tenants) -> None:
    keeper = "coordination office"
    forms = [one for one in _offered(world, keeper) if one[0].startswith("/en/ledger/")]
    for role in ("enterprise A", "officer of another office", "officer of a joint body", "deputy", "auditor"):
        before = _done_to(world, world.ledger.keeper)
        _send(_client(world.people[role]), forms, role)
        assert not _done_to(world, world.ledger.keeper) - before, role
    before = _done_to(world, world.ledger.keeper)
    _send(_client(world.people[keeper]), forms, "its own")
    done = {action for _, action in _done_to(world, world.ledger.keeper) - before}
    assert done >= {"evidence.accept", "ledger_task.change", "ledger_task.leave", "responsibility.set"}, sorted(done)


def _post_as(world: Tenants, roles: tuple[str, ...]) -> None:
    """Send every form its owners are offered, filled in, as somebody else; then as themselves, which must do something.

    A broker may do for the principal what the mandate says, an office write about the cases it has, and nothing else.
    """
    forms = [one for owner in ("enterprise A", "administrator") for one in _offered(world, owner)]
    entrusted = {
        "broker with a mandate": {"file.store", "file.withdraw", "import.propose"},
        "officer of its office": {"case.write"},  # the form to write about a case is theirs, too
    }
    for role in roles:
        client, before = _client(world.people[role]), _done_to(world)
        _send(client, forms, role)
        new = _done_to(world) - before
        assert {action for _, action in new} <= entrusted.get(role, set()), role
    before = _done_to(world)
    _send(_client(world.people["enterprise A"]), forms, "its own")
    done = {action for _, action in _done_to(world) - before}
    assert done >= {"mandate.give", "mandate.withdraw", "delegation.withdraw", "membership.end", "file.store"}, sorted(
        done
    )


def _offered(world: Tenants, owner: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the forms on the pages of the records of the first enterprise, as one of its owners is offered them."""
    client, found = _client(world.people[owner]), []
    for page in declared.pages():
        if not page.posts or page.path.startswith(ABOUT_ONESELF):
            continue
        for kwargs, query in _asked(page, world):
            if query or str(world.second.organisation.code) in str(kwargs):
                continue
            address = page.address("en", declared.Example(kwargs))
            found += [(address, form) for form in Forms(client.get(address).content.decode()).found]
    return [(address, form) for address, form in found if "/sign-out/" not in str(form)]


def _send(client: Client, forms: list[tuple[str, dict[str, Any]]], who: str) -> None:
    for at, (address, form) in enumerate(forms):
        key = f"leak-{who}-{at}".replace(" ", "-")
        files = {name: SimpleUploadedFile("note.txt", key.encode()) for name, value in form.items() if value is FILE}
        response = client.post(address, form | files | {"once": key, "key": key})
        assert response.status_code < 500, (who, address, form)


def _done_to(world: Tenants, owner: Organisation | None = None) -> set[tuple[int, str]]:
    with as_system("tests"):
        about = owner or world.first.organisation
        entries = JournalEntry.objects.filter(owner_id=about.pk).exclude(action__startswith="read.")
        return set(entries.values_list("id", "action"))


def _client(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def test_every_page_file_and_operation_names_its_audience() -> None:
    for one in (*declared.pages(), *declared.downloads()):
        assert known_audience(one.audience)
    for path, operation in _operations():
        assert known_audience(getattr(operation.view_func, "audience", "")), path
        beside = next((page for page in declared.pages() if page.api == path.replace("path:", "")), None)
        if beside is not None and beside.audience != PUBLIC:
            assert operation.view_func.audience == beside.audience, path


def test_a_declaration_that_forgets_its_audience_does_not_load() -> None:
    words = {"title_zh": "题", "title_en": "T", "description_zh": "说。", "description_en": "Says."}
    with pytest.raises(TypeError, match="audience"):
        Page(name="x:y", path="y/", view="x.y", **words)  # type: ignore[call-arg, arg-type]
    with pytest.raises(TypeError, match="audience"):
        Download(name="y", path="y", view="x.y")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="unknown audience"):
        known_audience("everybody")
