"""Tasks about people: the mails that tell them of their accounts."""

from __future__ import annotations

from bridgehead.ground.actions import Deed
from bridgehead.ground.mail import KIND, send_mail
from bridgehead.ground.tasks.handlers import Assignment, Work, handler


def _send(work: Work) -> str:
    return send_mail(work.arguments, work.assignment.key)


@handler(
    KIND,
    title_zh="发送邮件",
    title_en="Send a mail",
    compute=_send,
    most_attempts=8,
    passing=("mail.not_taken",),
)
def mail_was_sent(deed: Deed, assignment: Assignment, outcome: str) -> str:
    """Keep what became of the mail; it left the house before, at least once."""
    return outcome
