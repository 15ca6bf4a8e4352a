"""A file of a case lies in the store; the digest of an edition or a kept answer is the name of no file."""

from __future__ import annotations

import pytest

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.doctor.of_machine import files_are_there
from bridgehead.ground.files.naming import naming_files
from bridgehead.ground.files.uploads import receive
from bridgehead.rooms.desk.actions.cases import lodge, save_draft
from bridgehead.rooms.desk.actions.firms import keep_answer
from bridgehead.rooms.desk.checks import policies_say_what_they_said
from bridgehead.rooms.desk.models import CaseFile, PolicyAnswer, PolicyEdition
from tests.desk.cases import QUESTION, CaseWorld
from tests.desk.policies import PolicyWorld
from tests.ledger import seen_as


def test_the_doctor_finds_the_file_of_a_case_and_misses_it_when_it_is_gone(there: CaseWorld) -> None:
    told = {"by": seen_as(there.trader), "firm": there.firm.pk, "service": "policy_question"}
    paper = receive(b"one\n", "one.txt", "text/plain")
    draft = save_draft(form={}, files={"attachment": paper}, **told)
    lodge(form=QUESTION, title="带附件", draft=draft.pk, **told)
    with as_system("tests"):
        found = files_are_there(full=True)
        assert (found.severity, found.en) == ("ok", "1 verified")
        CaseFile.objects.update(sha256="0" * 64)
        assert files_are_there(full=True).severity == "error"


def test_editions_and_answers_name_no_file(world: PolicyWorld) -> None:
    facts = {"staff.average": "120"}
    keep_answer(by=seen_as(world.trader), firm=world.firm.pk, as_of=today(), subject="enterprise", facts=facts)
    assert not {PolicyEdition, PolicyAnswer} & set(naming_files())
    with as_system("tests"):
        found = files_are_there(full=True)
    assert (found.severity, found.en) == ("ok", "0 verified")


@pytest.mark.article(51)
def test_the_doctor_sees_what_was_changed_past_the_platform(world: PolicyWorld) -> None:
    facts = {"staff.average": "120"}
    keep_answer(by=seen_as(world.trader), firm=world.firm.pk, as_of=today(), subject="enterprise", facts=facts)
    with as_system("tests"):
        sound = policies_say_what_they_said(full=True)
        assert (sound.severity, sound.en) == ("ok", "2 agree with their digests")
        answer, edition = PolicyAnswer.objects.get(), PolicyEdition.objects.get()
        PolicyAnswer.objects.update(facts={"staff.average": "121"})
        PolicyEdition.objects.update(rule=edition.rule.replace("300", "3000"))
        found = policies_say_what_they_said(full=False)
    named = f"policy_edition {edition.pk}, policy_answer {answer.pk}"
    assert (found.severity, found.en) == ("error", f"2 do not say what they said ({named})")
