"""What stands beside the cases of a desk after some years: ratings, news, replies, training, entitled firms.

Made from the same seed and loaded past the actions, as `proofs.desk_rows` loads the cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from proofs.desk_rows import CHUNK, Desk

CASES_A_REPLY, CASES_AN_ITEM, CASES_A_SESSION = 50, 40, 100
"""So many cases to a public reply, an item of news, a training session."""
PLACES_A_SESSION = 30
DAYS_OF_TRAINING = 700
TOLD = 0.3
"""Share of the entitled firms that were told by the office."""


def load_lists(made: Desk, count: int) -> str:
    """Put the lists into the database; return the code of the policy all firms are entitled to."""
    _rate_cases()
    _load_news(made, count // CASES_AN_ITEM)
    _load_replies(made, count // CASES_A_REPLY)
    _load_training(made, count // CASES_A_SESSION)
    return _load_entitled(made)


def pages_of_lists(role: str, policy: str) -> Iterator[tuple[str, str]]:
    """Yield the pages of the lists that are timed for a role."""
    yield "news", "/news/"
    yield "news of goods", "/news/?goods=44&country=MN"
    yield "public replies", "/services/answers/"
    yield "public replies, page 20", "/services/answers/?page=20"
    yield "training", "/training/"
    if role == "enterprise_admin":
        yield "my firm", "/desk/firm/"
        return
    yield "news desk", "/desk/news/"
    yield "desk of public replies", "/desk/public-answers/"
    yield "training desk", "/desk/training/"
    yield "entitled firms", f"/desk/policies/{policy}/entitled/"
    yield "firms that were told", f"/desk/policies/{policy}/told/"


def wrong_lists(policy: str) -> Iterator[str]:
    """Hold what the lists count against the rows, whoever made them."""
    from django.test import Client

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.rooms.desk.models import FirmProfile, PolicyClaim, PublicReply
    from bridgehead.rooms.desk.selectors.firms import entitled

    told = Client(headers={"host": "localhost"}).get("/api/answers").json()
    with as_system("proof"):
        if told["total"] != PublicReply.objects.filter(is_open=True).count():
            yield "the public replies count others"
        found = entitled(policy)
        if (found.total, found.untold) != (FirmProfile.objects.count(), found.total - PolicyClaim.objects.count()):
            yield "the entitled firms are others"


def _rate_cases() -> None:
    """Let every second case that ended be rated."""
    from django.db.models import F

    from bridgehead.rooms.desk.models import Case

    every_second = Case.objects.alias(half=F("pk") % 2).filter(ended_at__isnull=False, half=0)
    every_second.update(rating=F("pk") / 2 % 5 + 1)


def _load_news(made: Desk, count: int) -> None:
    from bridgehead.rooms.desk.models import NewsItem

    day, office = made.now.date(), made.offices["nm-swt"]
    rows = []
    for number in range(count):
        age = made.chance.randrange(600)
        rows.append(
            NewsItem(
                owner=office,
                texts={"title": {"zh": f"资讯 {number}"}, "text": {"zh": "口岸过货平稳。" * 30}},
                goods=made.chance.choice(("", ",44,", ",4403,44,", ",02,")),
                countries=made.chance.choice(("", ",MN,", ",RU,", ",MN,RU,")),
                source="通报",
                source_on=day - timedelta(days=age),
                expires_on=day - timedelta(days=age) + timedelta(days=made.chance.randrange(30, 400)),
                state="released",
                released_at=made.now - timedelta(days=age),
                is_open=True,
            )
        )
    NewsItem.objects.bulk_create(rows, batch_size=CHUNK)


def _load_replies(made: Desk, count: int) -> None:
    from bridgehead.rooms.desk.models import Case, PublicReply

    cases = Case.objects.filter(service="policy_question", outcome="answered").order_by("pk")[:count]
    texts = {"question": {"zh": "怎么办？" * 10}, "answer": {"zh": "按现行规定办理。" * 40}}
    rows = [
        PublicReply(
            owner_id=one.lead_id,
            case=one,
            texts=texts,
            expires_on=made.now.date() + timedelta(days=made.chance.randrange(1, 400)),
            state="released",
            released_at=one.ended_at,
            is_open=True,
        )
        for one in cases
    ]
    PublicReply.objects.bulk_create(rows, batch_size=CHUNK)


def _load_training(made: Desk, count: int) -> None:
    from bridgehead.rooms.desk.models import TrainingPlace, TrainingSession

    office = made.offices["nm-swt"]
    sessions = []
    for number in range(count):
        begins = made.now + timedelta(days=made.chance.randrange(-DAYS_OF_TRAINING, 60))
        texts = {"title": {"zh": f"原产地规则 {number}"}, "gist": {"zh": "怎么填。"}, "place": {"zh": "呼和浩特市"}}
        told = {"owner": office, "texts": texts, "language": "zh", "seats": PLACES_A_SESSION}
        state = "held" if begins < made.now else "planned"
        sessions.append(TrainingSession(starts_at=begins, ends_at=begins + timedelta(hours=3), state=state, **told))
    places = []
    for at, session in enumerate(TrainingSession.objects.bulk_create(sessions, batch_size=CHUNK)):
        for seat in range(PLACES_A_SESSION):
            firm = made.chance.choice(made.firms)
            whose = {"owner": firm, "office": office, "firm_name": firm.name_zh, "name": f"学员 {seat}"}
            signed = session.starts_at - timedelta(days=9)
            places.append(
                TrainingPlace(session=session, number=f"P{at}-{seat}", language="zh", signed_at=signed, **whose)
            )
    TrainingPlace.objects.bulk_create(places, batch_size=CHUNK)


def _load_entitled(made: Desk) -> str:
    """Publish the policies of the region that can be, let every firm be entitled to one, and tell some of them."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.rooms.desk.actions.policies import take_over
    from bridgehead.rooms.desk.demonstration import FACTS
    from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer, PolicyClaim, PolicyEdition
    from bridgehead.rooms.desk.rules import as_known, read_rule, unfit_to_publish
    from bridgehead.rooms.desk.selectors.answering import as_answer, told_by
    from bridgehead.rooms.desk.selectors.editions import answering

    office, day = made.offices["nm-swt"], made.now.date()
    take_over(by=system("proof"), owner=office.pk)
    fit = [one.pk for one in PolicyEdition.objects.all() if not unfit_to_publish(read_rule(one.rule))]
    checked = {"checked_by": 1, "checker": "proof", "checked_on": day, "check_expires_on": day + timedelta(days=90)}
    editions = PolicyEdition.objects.filter(pk__in=fit)
    editions.update(state="published", is_open=True, published_at=made.now, **checked)
    Policy.objects.filter(editions__in=fit).update(is_open=True, published=1)
    known = as_known(FACTS)
    by = next(one for one in answering() if one.rule.benefit.formula and told_by(one, known, day).verdict == "eligible")
    facts = {fact: {"value": value, "on": day.isoformat()} for fact, value in FACTS.items()}
    FirmProfile.objects.bulk_create(
        [FirmProfile(owner=firm, facts=facts, consents_on=day) for firm in made.firms], batch_size=CHUNK
    )
    answers = []
    for firm in made.firms:
        if made.chance.random() < TOLD:
            answer = as_answer([told_by(by, known, day)], dict(FACTS), day, by.rule.subject)
            answer.owner, answer.told_by, answer.asked_at = firm, office, made.now
            answers.append(answer)
    claims = [
        PolicyClaim(owner_id=one.owner_id, policy=by.policy, state="told", on=day, answer=one)
        for one in PolicyAnswer.objects.bulk_create(answers, batch_size=CHUNK)
    ]
    PolicyClaim.objects.bulk_create(claims, batch_size=CHUNK)
    return str(by.policy.code)
