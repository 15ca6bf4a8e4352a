"""Tasks of the desk: telling firms of their news, the clock that looks at cases, signals about projects abroad."""

from __future__ import annotations

from django.db import transaction

from bridgehead.ground.actions import Deed
from bridgehead.ground.tasks.handlers import Assignment, handler
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_moves import tick_case
from bridgehead.rooms.desk.actions.news import TELL, tell_subscribers
from bridgehead.rooms.desk.actions.outbound_care import receive_signal
from bridgehead.rooms.desk.models import Case
from bridgehead.rooms.desk.ticking import TICK, wake_at

SIGNAL = "desk.signal"
"""The kind of task by which a signal reaches projects abroad, whoever raises it."""


@handler(TELL, title_zh="把资讯告诉订阅的企业", title_en="Tell firms of news they subscribed to")
def news_was_released(deed: Deed, assignment: Assignment, _: None) -> int:
    """Tell the firms; return how many."""
    return tell_subscribers(deed, int(assignment.arguments["news"]))


MOST = 200
"""Cases looked at in one transaction, so that nobody else waits for long."""


@handler(TICK, title_zh="查看办件的时限", title_en="Look at the clocks of cases")
def clocks_were_looked_at(deed: Deed, assignment: Assignment, _: object) -> dict[str, int]:
    """Let the clock do what is due; what cannot be done for one case keeps no other one waiting."""
    due = list(Case.objects.filter(wakes_at__lte=deed.at).order_by("wakes_at").values_list("pk", flat=True)[: MOST + 1])
    failed = 0
    for case in due[:MOST]:
        try:
            with transaction.atomic():
                tick_case(by=deed, case=case)
        except BridgeheadError:
            failed += 1  # the doctor names it
    if len(due) > MOST and failed < MOST:
        wake_at(deed, deed.at)
    return {"cases": min(len(due), MOST) - failed, "failed": failed}


@handler(SIGNAL, title_zh="把风险提示送到境外项目", title_en="Bring a signal to projects abroad")
def signal_arrived(deed: Deed, assignment: Assignment, _: None) -> int:
    """Attach it to the projects in its country; return how many it reached."""
    return receive_signal(deed, assignment.arguments)
