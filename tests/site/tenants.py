"""Two enterprises full of secrets, a task given in confidence, and everybody who must or must not see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bridgehead.ground.access.grants import today, viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.actions import store_file
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.imports.actions import propose_import
from bridgehead.ground.models import (
    Delegation,
    ImportRun,
    JournalEntry,
    Mandate,
    Membership,
    Organisation,
    Person,
    StoredFile,
    Task,
)
from bridgehead.ground.people.organisations import edit_organisation
from bridgehead.ground.people.standing_in import delegate, give_mandate
from bridgehead.rooms.desk import models
from bridgehead.rooms.desk.actions.case_moves import hand_over
from bridgehead.rooms.desk.actions.case_talk import note, write
from bridgehead.rooms.desk.actions.cases import lodge, save_draft
from bridgehead.rooms.desk.actions.firms import keep_answer
from bridgehead.rooms.desk.models import Case, OutboundProject, PolicyAnswer, PublicReply
from tests.desk.policies import draft_of
from tests.ground.world import BEGAN, BY, member, organisation
from tests.site.confidential import ELSEWHERE, READERS, Confidential, confidential
from tests.site.served import cared_for, serve
from tests.statutes import imported

KEPT = ("name", "member", "mandate", "file", "content", "import", "task", "reason", "told", "case", "annex")
SERVED = ("seat", "entry", "enquiry", "card", "abroad")
SUBJECTS = (*KEPT, *SERVED)
"""What each enterprise has a secret word in: what it keeps, and what it told of itself to be served."""

NOTED = "secretnotezq"
"""A word in what the office of a case noted inside it: never the firm's."""
SEE_NOTES = ("officer of its office", "auditor")
DRAFTED = "secretdraftzq"
"""A word in a policy that is not published: of the office that keeps it."""
OF_THE_DESK: Mapping[str, Any] = {
    "news": models.NewsItem,
    "fair": models.Fair,
    "card": models.FirmCard,
    "session": models.TrainingSession,
    "place": models.TrainingPlace,
    "product": models.Product,
    "project": models.OutboundProject,
}
"""The model whose numbers fill in a value of a path; without a record there is nothing to ask for."""
ALL = frozenset(SUBJECTS)
SEEN: Mapping[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "enterprise": ALL,
    "broker with a mandate": frozenset({"name", "mandate", "file", "content"}),
    "broker whose mandate ended": frozenset({"name", "mandate"}),
    "broker without a mandate": frozenset(),
    "officer of its office": frozenset({"name", "file", "content", "reason", "case", "annex", "abroad"}),
    "officer of another office": frozenset(),
    "head of another office": frozenset(),
    "deputy": frozenset(),
    "administrator": frozenset({"name", "member", "mandate", "import", "task"}),
    "auditor": ALL,
    "coordination office": frozenset(),
    "officer of the lead": frozenset(),
    "head of the lead": frozenset(),
    "officer of a joint body": frozenset(),
}
"""Which secrets of the first enterprise somebody may come to see; of the second only its own people and those who see
every enterprise. A role that sees less than this is no leak."""

SEE_DRAFTS = ("officer of its office", "auditor", "deputy", "coordination office")
"""Who reads what an office has not published: its own people, and those who oversee public bodies."""
EVERY_ENTERPRISE = ("administrator", "auditor")


@dataclass
class Tenant:
    """An enterprise with its secret words and the ids of its records."""

    organisation: Organisation
    words: dict[str, str]
    ids: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Tenants:
    """Both enterprises, what the ledger keeps in confidence, and the people who look."""

    first: Tenant
    second: Tenant
    ledger: Confidential
    people: dict[str, Person | None]

    def forbidden(self, role: str) -> dict[str, str]:
        """Return the secret words that somebody must not see, with whose they are."""
        second = ALL if role in EVERY_ENTERPRISE or role == "enterprise B" else frozenset()
        if role in EVERY_ENTERPRISE:
            second = SEEN[role]
        first = frozenset() if role == "enterprise B" else SEEN["enterprise" if role == "enterprise A" else role]
        drafts = {} if role in SEE_DRAFTS else {DRAFTED: "the office's draft"}
        drafts |= {} if role in SEE_NOTES else {NOTED: "what an office noted inside a case"}
        found = drafts | {word: f"A's {name}" for name, word in self.first.words.items() if name not in first}
        if role not in READERS:
            kept = {**self.ledger.words, **ELSEWHERE}
            found |= {word: f"the ledger's {name}" for name, word in kept.items()}
        return found | {word: f"B's {name}" for name, word in self.second.words.items() if name not in second}

    def fillings(self) -> dict[str, list[Any]]:
        """Return the values a path may be filled in with, by the name of the value: of everything that has secrets."""
        found = self.ledger.fillings()
        for tenant in (self.first, self.second):
            for name, values in tenant.ids.items():
                found.setdefault(name, []).extend(values)
        with as_system("tests"):
            for name, model in OF_THE_DESK.items():
                found.setdefault(name, []).extend(model.objects.values_list("pk", flat=True)[:2])
        return found


@action("test.work")
def work(deed: Deed, *, owner: int, word: str) -> Task:
    """Leave a task that speaks of somebody."""
    return deed.enqueue(f"test.{word}", {"note": word}, owner_id=owner)


def tenants() -> Tenants:
    """Make the world, through the platform's own actions."""
    region = organisation("region", "government", "区政府")
    congress = organisation("congress", "congress", "人大")
    offices = [organisation(f"office-{at}", "department", f"部门{at}", parent=region) for at in "xyz"]
    brokers = [organisation(f"broker-{at}", "broker", f"报关行{at}") for at in ("with", "ended", "without")]
    first, second = _tenant("alpha", offices[0], brokers[0]), _tenant("bravo", offices[1], brokers[2], mandate=False)
    _ended(first, brokers[1])
    people: dict[str, Any] = {
        "anonymous": None,
        "enterprise A": first.ids["_admin"].pop(),
        "enterprise B": second.ids["_admin"].pop(),
        "broker with a mandate": member(brokers[0], "broker"),
        "broker whose mandate ended": member(brokers[1], "broker"),
        "broker without a mandate": member(brokers[2], "broker"),
        "officer of its office": member(offices[0], "officer"),
        "officer of another office": member(offices[2], "officer"),
        "head of another office": member(offices[2], "head"),
        "deputy": member(congress, "deputy"),
        "administrator": member(region, "administrator"),
        "auditor": member(region, "auditor"),
    }
    admins = [people["enterprise A"], people["enterprise B"]]
    for tenant in (first, second):
        del tenant.ids["_admin"]
    clients = [(by, one.organisation, one.words) for by, one in zip(admins, (first, second), strict=True)]
    for tenant, ids in zip((first, second), serve(clients, offices[1], DRAFTED), strict=True):
        tenant.ids |= ids
    with as_system("tests"):
        project = OutboundProject.objects.get(owner=first.organisation)
    cared_for(admins[0], project, offices[0], people["officer of its office"], first.words["abroad"])
    imported()
    asked = confidential(region)
    for tenant, office in ((first, offices[0]), (second, offices[1])):
        tenant.ids["case"] = [_case(tenant, office).pk]
    first.ids["reply"] = [_reply(first, offices[0]).pk]
    first.ids["policy"] = [draft_of(viewer_of(people["officer of its office"]), offices[0], DRAFTED).policy.code]
    return Tenants(first, second, asked, people | asked.people)


def _tenant(code: str, office: Organisation, broker: Organisation, *, mandate: bool = True) -> Tenant:
    words = {subject: f"secret{code}{subject}zq" for subject in SUBJECTS}
    at = organisation(code, "enterprise", f"企业 {words['name']}", office=office)
    admin = member(at, "enterprise_admin", name="张")  # who hands something in is known to the office it goes to
    colleague = member(at, "enterprise_admin", f"{code}-colleague", name=f"李 {words['member']}")
    by = viewer_of(admin)
    edit_organisation(
        by=by,
        organisation=at.pk,
        version=1,
        name_zh=at.name_zh,
        name_en="Ltd",
        office=office.pk,
        reason=words["reason"],
    )
    if mandate:
        given = {"principal": at.pk, "agent": broker.pk, "scopes": ["files"], "starts_on": BEGAN}
        give_mandate(by=by, ends_on=today() + timedelta(days=9), note=words["mandate"], **given)
    received = receive(f"{words['content']}\n".encode(), f"{words['file']}.txt", "text/plain")
    store_file(by=by, owner=at.pk, file=received, note=words["file"], to_office=True)
    table = f"login,name,role\n{code}-new,王,enterprise\n".encode()
    propose_import(by=by, kind="members", organisation=at.pk, content=table, name=f"{words['import']}.csv")
    work(by=by, owner=at.pk, word=words["task"])
    keep_answer(by=by, firm=at.pk, as_of=today(), subject="enterprise", facts={"location.city": words["told"]})
    with as_system("tests"):
        held = Membership.objects.get(person=admin)
    delegate(
        by=by, membership=held.pk, delegate=colleague.pk, ends_on=today() + timedelta(days=3), note=words["member"]
    )
    return Tenant(at, words, _ids(at) | {"_admin": [admin]})


def _case(tenant: Tenant, office: Organisation) -> Case:
    """Lodge a case with secrets in everything that is said of it, and hand it over to the office of the enterprise."""
    words, firm = tenant.words, tenant.organisation.pk
    with as_system("tests"):
        by = viewer_of(Person.objects.get(login=f"{tenant.organisation.code}-enterprise-admin"))
    paper = receive(f"{words['annex']} inside\n".encode(), f"{words['annex']}.txt", "text/plain")
    form = {"topic": "subsidy", "question": words["case"], "may_publish": "no"}
    told = {"firm": firm, "service": "policy_question", "form": form, "title": f"问 {words['case']}"}
    save_draft(by=by, **told)
    case = lodge(by=by, files={"attachment": paper}, **told)
    write(by=by, case=case.pk, text=f"补充 {words['case']}")
    note(by=BY, case=case.pk, text=f"内部 {NOTED}")
    return hand_over(by=BY, case=case.pk, version=case.version, office=office.pk, reason=f"归口 {words['case']}")


def _reply(tenant: Tenant, office: Organisation) -> PublicReply:
    """Write a draft of a public reply to the case of an enterprise: the office's alone until it is released."""
    texts = {"question": {"zh": f"问 {DRAFTED}"}, "answer": {"zh": f"答 {DRAFTED}"}}
    with as_system("tests"):
        return PublicReply.objects.create(
            owner=office, case_id=tenant.ids["case"][0], texts=texts, expires_on=date(2099, 1, 1)
        )


def _ended(tenant: Tenant, broker: Organisation) -> None:
    """Give a mandate that has ended since, as time would: its first and last day lie in the past."""
    given = give_mandate(
        by=BY,
        principal=tenant.organisation.pk,
        agent=broker.pk,
        scopes=["files"],
        starts_on=BEGAN,
        ends_on=today(),
        note=tenant.words["mandate"],
    )
    with as_system("tests"):
        Mandate.objects.filter(pk=given.pk).update(ends_on=date(2026, 1, 31))


def _ids(at: Organisation) -> dict[str, list[Any]]:
    with as_system("tests"):
        own = {
            "file": StoredFile.objects.filter(owner=at),
            "run": ImportRun.objects.filter(owner=at),
            "task": Task.objects.filter(owner_id=at.pk),
            "membership": Membership.objects.filter(organisation=at),
            "mandate": Mandate.objects.filter(principal=at),
            "delegation": Delegation.objects.filter(organisation=at),
            "answer": PolicyAnswer.objects.filter(owner=at),
            "person": Person.objects.filter(memberships__organisation=at).distinct(),
        }
        found: dict[str, list[Any]] = {name: [row.pk for row in rows] for name, rows in own.items()}
        found["organisation"] = [at.code, at.pk]
        entries = JournalEntry.objects.filter(owner_id=at.pk).values_list("record_kind", "record_id").distinct()
        found["kind+record"] = list(entries)
    return found
