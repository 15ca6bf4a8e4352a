"""What the desk does with bad input: one clear error, where it is and how to mend it; and no draft is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Mandate
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.rooms.desk.actions.cases import save_draft
from bridgehead.rooms.desk.actions.firms import keep_answer
from bridgehead.rooms.desk.actions.policies import enter_policy
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseFile, Policy, PolicyAnswer
from tests.desk.cases import QUESTION, CaseWorld, answered, lodged, moved
from tests.desk.policies import PolicyWorld, rule, told
from tests.ground.world import mandate
from tests.ledger import seen_as

TOO_LARGE_B = 200_000_000


def entered(world: PolicyWorld, text: str) -> object:
    return enter_policy(by=seen_as(world.officer), owner=world.keeper.pk, told=told(text))


def kept(world: PolicyWorld, **facts: str) -> object:
    return keep_answer(
        by=seen_as(world.trader), firm=world.firm.pk, as_of=today(), subject="enterprise", facts={**facts}
    )


def by_a_mandate_that_ended_yesterday(there: CaseWorld) -> object:
    given = mandate(there.firm, there.broker, "cases")
    with as_system("tests"):
        Mandate.objects.filter(pk=given.pk).update(ends_on=today() - timedelta(days=1))
    return lodged(there, there.agent)


def closed_twice(there: CaseWorld) -> object:
    case = answered(there, lodged(there))
    return moved(case, there.head, "answer", answer="再答")


def refused_without_a_basis(there: CaseWorld) -> object:
    return moved(lodged(there), there.head, "decline", reason="不属于")


def one_clear_error(do: Callable[[], object], code: str, field: str | None, *named: str) -> None:
    """Hold that there is one fault, in its place, that names what was wrong and says what to do, in two languages."""
    with pytest.raises(BridgeheadError) as refused:
        do()
    (fault,) = refused.value.faults
    assert (fault.code, fault.place.field) == (code, field)
    for language in ("zh", "en"):
        said = sentence(fault, language)
        assert said.message
        assert said.cure
        assert "{" not in said.message + said.cure
        for name in named:
            assert name in said.message + said.cure, said
    assert sentence(fault, "zh").message != sentence(fault, "en").message


ZERO = rule("test-zero", formula="'cit.taxable_income_cny / 0'")
UNKNOWN = rule("test-unknown").replace("staff.average", "staff.averige")


@pytest.mark.article(76)
@pytest.mark.parametrize(
    ("do", "code", "field", "named"),
    [
        (lambda world: entered(world, ZERO), "policy.formula_zero_division", "rule", "cit.taxable_income_cny / 0"),
        (lambda world: entered(world, UNKNOWN), "policy.unknown_fact", "rule", "staff.averige"),
        (lambda world: kept(world, **{"staff.averige": "1"}), "case.unknown_fact", "staff.averige", "staff.averige"),
        (lambda world: kept(world, **{"staff.average": "many"}), "case.wrong_value", "staff.average", "many"),
        (lambda world: kept(world, **{"vat.period_sales_cny": "-1"}), "case.wrong_value", "vat.period_sales_cny", "-1"),
    ],
    ids=[
        "divides by zero",
        "names an unknown fact",
        "an undeclared fact",
        "a wrongly typed fact",
        "a negative turnover",
    ],
)
def test_of_a_policy_or_of_what_a_firm_told(
    world: PolicyWorld, do: Callable[[PolicyWorld], object], code: str, field: str, named: str
) -> None:
    one_clear_error(lambda: do(world), code, field, named)
    with as_system("tests"):
        assert Policy.objects.count() == 1, "that of the world"
        assert not PolicyAnswer.objects.exists()


@pytest.mark.article(77)
@pytest.mark.parametrize(
    ("do", "code", "field", "ends_as"),
    [
        (by_a_mandate_that_ended_yesterday, "action.mandate_over", None, None),
        (closed_twice, "case.ended", "move", "answered"),
        (refused_without_a_basis, "case.lacks", "basis", ""),
    ],
)
def test_of_a_case(
    there: CaseWorld, do: Callable[[CaseWorld], object], code: str, field: str | None, ends_as: str | None
) -> None:
    one_clear_error(lambda: do(there), code, field)
    with as_system("tests"):
        assert list(Case.objects.values_list("outcome", flat=True)) == ([] if ends_as is None else [ends_as])


def test_of_a_question_with_200_mb_beside_it_nothing_that_was_typed_is_lost(there: CaseWorld, client: Client) -> None:
    by = seen_as(there.trader)
    draft = save_draft(by=by, firm=there.firm.pk, service="policy_question", form={"question": "早先写的"})
    client.force_login(there.trader)
    large = InMemoryUploadedFile(BytesIO(bytes(TOO_LARGE_B)), None, "large.txt", "text/plain", TOO_LARGE_B, None)
    typed = {"form": "lodge", "once": "once-large", "draft": draft.pk, "title": "税", "firm": there.firm.pk, **QUESTION}
    answer = client.post("/services/policy_question/", {**typed, "attachment": large})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count('class="says"') == 1
    assert "20 MB 的上限" in html
    with as_system("tests"):
        assert not Case.objects.exists()
        assert not CaseFile.objects.exists()
        (left,) = CaseDraft.objects.all()
    assert (left.pk, left.title, left.form["question"]) == (draft.pk, "税", QUESTION["question"])
