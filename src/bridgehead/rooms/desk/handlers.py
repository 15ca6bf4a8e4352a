"""Tasks of the desk: telling firms of news they subscribed to."""

from __future__ import annotations

from bridgehead.ground.actions import Deed
from bridgehead.ground.tasks.handlers import Assignment, handler
from bridgehead.rooms.desk.actions.news import TELL, tell_subscribers


@handler(TELL, title_zh="把资讯告诉订阅的企业", title_en="Tell firms of news they subscribed to")
def news_was_released(deed: Deed, assignment: Assignment, _: None) -> int:
    """Tell the firms; return how many."""
    return tell_subscribers(deed, int(assignment.arguments["news"]))
