"""The pages of the ledger: meetings and decisions, the list of problems, requests, circulars."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.regions.load import Region
from bridgehead.rooms.ledger.pages.records import NEEDS, of

VIEWS = "bridgehead.rooms.ledger.views"


def _over(region: Region) -> Iterable[Example]:
    """Return the last month and the last half-year that are over."""
    day = timezone.localdate()
    for one in (Frequency.MONTH, Frequency.HALF):
        yield Example({"period": str(Period.of(one, Period.of(one, day).first - timedelta(days=1)))})


_meetings = of("Meeting", lambda one: Example({"meeting": one.pk}))
_decisions = of("Decision", lambda one: Example({"decision": one.pk}))
_requests = of("Inquiry", lambda one: Example({"inquiry": one.pk}))
_circulars = of("Circular", lambda one: Example({"circular": one.pk}))

PAGES: tuple[Page, ...] = (
    Page(
        name="ledger:meetings",
        path="meetings/",
        view=f"{VIEWS}.meetings.meetings",
        title_zh="会议和议定事项",
        title_en="Meetings and decisions",
        description_zh="协调机构的会议，议定了什么，由谁办，哪些还没有办结。",
        description_en="Meetings of the coordination body, what they decided, who does it, and what is not done yet.",
        audience="ledger.read",
        articles=(5,),
        nav=50,
        nav_zh="会议",
        nav_en="Meetings",
        api="/meetings",
        needs=NEEDS,
    ),
    Page(
        name="ledger:new-meeting",
        path="meetings/new/",
        view=f"{VIEWS}.meetings.new_meeting",
        title_zh="安排会议",
        title_en="Plan a meeting",
        description_zh="安排协调机构的会议，写明议题，邀请单位。",
        description_en="Plan a meeting of the coordination body with its agenda, and ask bodies to it.",
        audience="ledger.keep",
        posts=True,
        articles=(5,),
        without_api=A_FORM,
    ),
    Page(
        name="ledger:meeting",
        path="meetings/<int:meeting>/",
        view=f"{VIEWS}.meetings.meeting",
        title_zh="一次会议",
        title_en="A meeting",
        description_zh="一次会议的议题、到会单位、纪要和议定事项。",
        description_en="One meeting: its agenda, who came, the minutes and what was decided.",
        audience="ledger.read",
        posts=True,
        articles=(5,),
        api="/meetings/{meeting}",
        needs=NEEDS,
        examples=_meetings,
    ),
    Page(
        name="ledger:decision",
        path="decisions/<int:decision>/",
        view=f"{VIEWS}.meetings.decision",
        title_zh="一项议定事项",
        title_en="A decision",
        description_zh="一项议定事项由谁负责、什么时候到期、办到哪一步。",
        description_en="One decision: who owns it, by when, and how far it is.",
        audience="ledger.read",
        posts=True,
        articles=(5, 79),
        api="/decisions/{decision}",
        needs=NEEDS,
        examples=_decisions,
    ),
    Page(
        name="ledger:problems",
        path="problems/",
        view=f"{VIEWS}.problems.problems",
        title_zh="问题清单",
        title_en="List of problems",
        description_zh="没有整改完的问题，由谁改，什么时候到期，哪些逾期，哪些等确认。",
        description_en="What is not mended yet: by whom, by when, what is late and what waits to be confirmed.",
        audience="ledger.read",
        articles=(5, 79),
        nav=60,
        nav_zh="问题",
        nav_en="Problems",
        api="/problems",
        needs=NEEDS,
        examples=lambda region: (Example(), Example({}, "state=all&overdue=y")),
    ),
    Page(
        name="ledger:new-problem",
        path="problems/new/",
        view=f"{VIEWS}.problems.new_problem",
        title_zh="列入问题",
        title_en="Enter a problem",
        description_zh="把一个问题列入清单，写明由谁整改、什么时候改完。",
        description_en="Enter a problem into the list with who has to mend it and by when.",
        audience="ledger.keep",
        posts=True,
        articles=(5, 79),
        without_api=A_FORM,
    ),
    Page(
        name="ledger:problem",
        path="problems/<int:problem>/",
        view=f"{VIEWS}.problems.problem",
        title_zh="一个问题",
        title_en="A problem",
        description_zh="一个问题的整改措施、书面结果、确认情况和经过。",
        description_en="One problem: measures, the result in writing, whether it was confirmed, and its history.",
        audience="ledger.read",
        posts=True,
        articles=(5, 79),
        api="/problems/{problem}",
        needs=NEEDS,
        examples=of("Problem", lambda one: Example({"problem": one.pk})),
    ),
    Page(
        name="ledger:requests",
        path="requests/",
        view=f"{VIEWS}.inquiries.requests",
        title_zh="征询和答复",
        title_en="Requests and replies",
        description_zh="向各单位发出的征询，谁还没有答复，哪些过了期限。",
        description_en="Requests made to several bodies, who has not answered, and what is past its day.",
        audience="ledger.read",
        articles=(5, 7),
        api="/requests",
        needs=NEEDS,
    ),
    Page(
        name="ledger:new-request",
        path="requests/new/",
        view=f"{VIEWS}.inquiries.new_request",
        title_zh="发出征询",
        title_en="Ask several bodies",
        description_zh="向几个单位提一个问题，写明答复期限。",
        description_en="Ask several bodies a question, with a day for the answers.",
        audience="ledger.keep",
        posts=True,
        articles=(5,),
        without_api=A_FORM,
    ),
    Page(
        name="ledger:request",
        path="requests/<int:inquiry>/",
        view=f"{VIEWS}.inquiries.request_page",
        title_zh="一份征询",
        title_en="A request",
        description_zh="一份征询问了什么，各单位的答复，谁还没有答复、提醒过几次。",
        description_en="One request: its question, the replies, who is silent and how often they were reminded.",
        audience="ledger.read",
        posts=True,
        articles=(5, 7),
        api="/requests/{inquiry}",
        needs=NEEDS,
        examples=_requests,
    ),
    Page(
        name="ledger:circulars",
        path="circulars/",
        view=f"{VIEWS}.circulars.circulars",
        title_zh="通报和对比",
        title_en="Circulars and comparisons",
        description_zh="发出的月度通报和半年对比，还有哪一期没有发。",
        description_en="Monthly circulars and half-year comparisons that were issued, and those that are still to be.",
        audience="ledger.read",
        articles=(5, 79),
        api="/circulars",
        needs=NEEDS,
    ),
    Page(
        name="ledger:circular-draft",
        path="circulars/draft/<id:period>/",
        view=f"{VIEWS}.circulars.circular_draft",
        title_zh="通报草稿",
        title_en="Draft of a circular",
        description_zh="按现在的记录，这个月或这半年的通报会怎么写；过完以后发出。",
        description_en="What the circular of a month or a half-year would say now; it is issued once that is over.",
        audience="ledger.keep",
        posts=True,
        articles=(5, 79),
        api="/circulars/draft/{period}",
        needs=NEEDS,
        examples=_over,
    ),
    Page(
        name="ledger:circular",
        path="circulars/<int:circular>/",
        view=f"{VIEWS}.circulars.circular",
        title_zh="一份通报",
        title_en="A circular",
        description_zh="一份通报发出时的内容，以后不再改动。",
        description_en="A circular as it was issued; it does not change any more.",
        audience="ledger.read",
        articles=(5, 79),
        api="/circulars/{circular}",
        needs=NEEDS,
        examples=_circulars,
    ),
)

DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="meeting-docx",
        path="meetings/<int:meeting>.docx",
        view=f"{VIEWS}.meetings.meeting_docx",
        audience="ledger.read",
        examples=_meetings,
    ),
    Download(
        name="meeting-minutes",
        path="meetings/<int:meeting>/minutes",
        view=f"{VIEWS}.meetings.minutes",
        audience="ledger.read",
        examples=of("Meeting", lambda one: Example({"meeting": one.pk}), minutes__isnull=False),
    ),
    Download(
        name="decision-docx",
        path="decisions/<int:decision>.docx",
        view=f"{VIEWS}.meetings.decision_docx",
        audience="ledger.read",
        examples=_decisions,
    ),
    Download(name="problems-csv", path="problems.csv", view=f"{VIEWS}.problems.problems_csv", audience="ledger.read"),
    Download(
        name="problems-docx", path="problems.docx", view=f"{VIEWS}.problems.problems_docx", audience="ledger.read"
    ),
    Download(
        name="request-docx",
        path="requests/<int:inquiry>.docx",
        view=f"{VIEWS}.inquiries.request_docx",
        audience="ledger.read",
        examples=_requests,
    ),
    Download(
        name="circular-docx",
        path="circulars/<int:circular>.docx",
        view=f"{VIEWS}.circulars.circular_docx",
        audience="ledger.read",
        examples=_circulars,
    ),
    Download(
        name="circular-draft-docx",
        path="circulars/draft/<id:period>.docx",
        view=f"{VIEWS}.circulars.circular_draft_docx",
        audience="ledger.keep",
        examples=_over,
    ),
)
