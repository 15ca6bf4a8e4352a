"""The demonstration of services: something of each, marked as made up, the same twice, and gone when it is wiped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.demonstration.registry import fill, wipe
from bridgehead.ground.doctor.of_machine import files_are_there
from bridgehead.ground.region import current
from bridgehead.rooms.desk import models
from bridgehead.rooms.desk.actions.training_places import sign_up
from tests.ground.world import member, organisation

pytestmark = pytest.mark.django_db
OF_SERVICES = (
    *("TrainingSession", "TrainingPlace", "NewsItem", "NewsSubscription", "Fair", "FairEntry", "FirmCard", "Enquiry"),
    *("Product", "OutboundProject", "PatrolVisit", "OutboundSignal", "Notice"),
)


@pytest.fixture(autouse=True)
def _reading_all() -> Iterator[None]:
    with as_system("tests"):
        yield


def counted() -> dict[str, int]:
    return {name: getattr(models, name)._default_manager.count() for name in OF_SERVICES}


def test_it_shows_something_of_each_service_once_and_goes_again() -> None:
    fill(current().region)
    found = counted()
    assert all(found.values()), found
    for name in ("TrainingSession", "NewsItem", "Fair", "Product"):
        titles = [row.texts["title"]["zh"] for row in getattr(models, name)._default_manager.all()]
        assert all(title.endswith(MARK_ZH) for title in titles), titles
    assert models.TrainingPlace.objects.exclude(certificate=None).exists()
    assert models.TrainingPlace.objects.filter(state="waiting").exists()
    assert models.Enquiry.objects.filter(state="accepted").exists()
    fill(current().region)
    assert counted() == found
    wipe(current().region)
    assert not any(counted().values()), counted()


def test_what_somebody_real_signed_up_for_is_cancelled_and_stays() -> None:
    fill(current().region)
    firm = organisation("real", "enterprise", "真企业")
    person = member(firm, "enterprise_admin")
    row = models.TrainingSession.objects.filter(state="planned").order_by("-starts_at")[0]
    sign_up(by=viewer_of(person), session=row.pk, firm=firm.pk, name="真人")
    wipe(current().region)
    (left,) = models.TrainingSession.objects.all()
    assert (left.pk, left.state, left.reason) == (row.pk, "cancelled", MARK_ZH)
    assert models.TrainingPlace.objects.get().owner == firm


def test_the_doctor_finds_every_file_of_the_demonstration() -> None:
    fill(current().region)
    assert models.PolicyEdition.objects.exists()
    found = files_are_there(full=True)
    assert found.severity == "ok", found.en
