"""The directory of services: what each is, who owns it, what is promised, and how long it really took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.cases.measure import ANSWERS, Answer, Measured, measured, satisfaction
from bridgehead.engines.cases.services import Field, FieldType, Service
from bridgehead.ground import words
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.files.store import MEGABYTE_B
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.language import alphabetical, language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.case_words import promise_words
from bridgehead.rooms.desk.explaining import unit_name
from bridgehead.rooms.desk.intake import NO, YES, as_typed
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseFile
from bridgehead.rooms.desk.selectors.ratings import MEASURED_DAYS, Rated, ratings
from bridgehead.rooms.desk.services import DISTRICT, districts, office_name, service_name, service_of, services
from bridgehead.rooms.desk.who import firms

NOTHING = (measured(()), False)
"""The answer times of a service no case ended in."""
NOT_RATED = Rated("", satisfaction(0, 0))
"""The satisfaction with a service no case was rated in."""
PERSONS = "persons"
"""The unit a name of a field says by itself, as "number of people" does."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of the directory, with its measured times, and whether those are of made-up cases."""

    service: Service
    measured: Measured
    demo: bool = False
    rated: Rated = NOT_RATED

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return service_name(self.service)

    @property
    def about(self) -> str:
        """What is done, in a sentence."""
        return self.service.about.of(language())

    @property
    def owner(self) -> str:
        """The organisation that owns it."""
        return office_name(self.service.owner)

    @property
    def routes(self) -> Sequence[tuple[str, str]]:
        """Choices of the form that go to another organisation than the owner, and which, in the order of the form."""
        return [
            (choice.name.of(language()), office_name(office))
            for field in self.service.fields
            for choice in field.choices
            if (office := self.service.routes.get((field.id, choice.id)))
        ]

    @property
    def promise(self) -> str:
        """What is promised for the whole of a case."""
        return promise_words(self.service.promise)

    @property
    def first_answer(self) -> str:
        """Within what the first answer is promised."""
        return promise_words(self.service.first_answer)

    @property
    def urgent_first_answer(self) -> str:
        """Within what the first answer to an urgent case is promised; empty where none is urgent."""
        return promise_words(self.service.urgent_first_answer)

    @property
    def first_in_time(self) -> int | None:
        """How many of the first answers that were promised came in time; None where there are not enough to say."""
        share = self.measured.first_in_time_share
        return None if share is None else round(share * self.measured.first_promised)

    @property
    def in_time(self) -> int | None:
        """How many of the cases with a promise were in time; None where there are not enough to say."""
        share = self.measured.in_time_share
        return None if share is None else round(share * self.measured.promised)


@dataclass(frozen=True, slots=True)
class Directory:
    """Every service of the region."""

    says: str
    lines: Sequence[ServiceLine]
    answered: int


def directory() -> Directory:
    """Return every service with what it promises and how long it took.

    Articles: 50, 51, 77
    """
    times, rated = measured_times(), ratings()
    lines = [ServiceLine(one, *times.get(one.id, NOTHING), rated.get(one.id, NOT_RATED)) for one in services().values()]
    count = len(lines)
    says = ngettext("%(n)s 项服务，每一项都有承诺时限", "%(n)s 项服务，每一项都有承诺时限", count) % {"n": count}
    if not lines:
        says = pgettext("desk", "这个地区还没有登记服务")
    return Directory(says, lines, sum(one.measured.cases for one in lines))


def measured_times() -> Mapping[str, tuple[Measured, bool]]:
    """Return the answer times of each service, whosever the cases, and whether they are of made-up cases.

    Of fewer than five only their number. The made-up cases of a demonstration count only for a service no real case
    was answered in.
    """
    since = timezone.now() - timedelta(days=MEASURED_DAYS)
    with as_system("measuring answer times"):
        rows = Case.objects.filter(ended_at__gte=since, outcome__in=sorted(ANSWERS)).order_by()
        made_up = list(Organisation.objects.filter(demo=True).order_by().values_list("pk", flat=True))
        real = _by_service(rows.exclude(owner__in=made_up) if made_up else rows)
        shown = _by_service(rows.filter(owner__in=made_up)) if made_up else {}
    return {one: (measured(real.get(one) or shown[one]), one not in real) for one in {*real, *shown}}


def _by_service(rows: QuerySet[Case]) -> dict[str, list[Answer]]:
    told: dict[str, list[Answer]] = {}
    columns = rows.values_list("service", "net_min", "in_time", "first_in_time")
    for service, net_min, in_time, first_in_time in columns:
        told.setdefault(service, []).append(Answer(net_min or 0, in_time, first_in_time))
    return told


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form as it is shown: how it is filled in, and what can be chosen."""

    field: Field
    options: Sequence[tuple[str, str]] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.field.id

    @property
    def name(self) -> str:
        """What it is called, with its unit."""
        name = self.field.name.of(language())
        unit = unit_name(self.field.unit) if self.field.unit != PERSONS else ""
        return pgettext("desk field", "%(name)s（%(unit)s）") % {"name": name, "unit": unit} if unit else name

    @property
    def label(self) -> str:
        """What it is called in a form, which says of what can be left out that it can."""
        return self.name if self.field.required else pgettext("desk field", "%(name)s（可不填）") % {"name": self.name}

    @property
    def hint(self) -> str:
        """What to fill in."""
        return self.field.hint.of(language())

    @property
    def file_hint(self) -> str:
        """What to hand in, and how large it may be."""
        most = pgettext("desk field", "一个文件，最大 %(n)s MB") % {"n": round(file_store().largest_b / MEGABYTE_B)}
        return pgettext("desk field", "%(hint)s；%(most)s") % {"hint": self.hint, "most": most} if self.hint else most

    @property
    def is_file(self) -> bool:
        """Whether it takes a file."""
        return self.field.type is FieldType.FILE

    @property
    def rows(self) -> int | None:
        """How many lines it shows; None for one that has one line."""
        return 5 if self.field.type is FieldType.LONG_TEXT else None

    @property
    def type(self) -> str:
        """What the browser is told it takes."""
        return "date" if self.field.type is FieldType.DATE else "text"


def form_fields(service: Service) -> list[FormField]:
    """Return the fields of a form in their order, with what can be chosen in the language of the request."""
    return [FormField(one, _options(one)) for one in service.fields]


def _options(field: Field) -> Sequence[tuple[str, str]]:
    match field.type:
        case FieldType.CHOICE:
            return [(one.id, one.name.of(language())) for one in field.choices]
        case FieldType.YES_NO:
            return [(YES, pgettext("desk", "是")), (NO, pgettext("desk", "否"))]
        case FieldType.COUNTRY:
            named = words.countries(language()).items()
            return sorted(named, key=lambda one: alphabetical(one[1]) if language() != "zh" else one[0])
        case FieldType.PLACE if field.id == DISTRICT:
            return districts()
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One service, and the form to ask for it with the draft it was begun as."""

    line: ServiceLine
    fields: Sequence[FormField]
    firms: Sequence[Organisation]
    draft: CaseDraft | None
    files: Sequence[CaseFile]
    drafts: int

    def values(self) -> dict[str, str]:
        """Return what stands in the form at first, by field."""
        draft = self.draft.form if self.draft is not None else {}
        found = {one.id: as_typed(one.field, draft.get(one.id)) for one in self.fields if not one.is_file}
        firm = self.draft.owner_id if self.draft is not None else self.firms[0].pk if self.firms else ""
        return {**found, "title": self.draft.title if self.draft is not None else "", "firm": str(firm)}

    def file_of(self, field: str) -> CaseFile | None:
        """Return the file the draft has in a field."""
        return next((one for one in self.files if one.field == field), None)


def service_page(viewer: Viewer, service: str, draft: int = 0, sent: bool = False) -> ServicePage:
    """Return one service with its form; the draft asked for, else the one changed last.

    Whoever asks for several firms is offered one of the firm that stands in the form at first. A form that was ``sent``
    has the draft it was begun as, or none: that one may be gone, and no other stands in for it.

    Raises
    ------
    BridgeheadError
        ``case.unknown_service``; ``action.no_such_record`` for a draft that is not theirs.

    Articles: 50, 51, 77
    """
    found = service_of(service)
    able = firms(viewer)
    rows = visible(CaseDraft, viewer).filter(service=service, owner__in=able) if able else CaseDraft.objects.none()
    drafts = list(rows)
    chosen = next((one for one in drafts if one.pk == draft), None)
    if draft and chosen is None and not sent:
        raise BridgeheadError("action.no_such_record", {"kind": CaseDraft.RECORD, "id": str(draft)})
    if chosen is None and not sent:
        chosen = next((one for one in drafts if one.owner_id == able[0].pk), None)
    files = list(visible(CaseFile, viewer).filter(draft=chosen)) if chosen is not None else []
    line = ServiceLine(found, *measured_times().get(service, NOTHING), ratings().get(service, NOT_RATED))
    return ServicePage(line, form_fields(found), able, chosen, files, len(drafts))
