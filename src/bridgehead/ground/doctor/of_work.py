"""Checks of what goes on behind the pages: tasks, mails, the search index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bridgehead.ground.doctor.finding import OK, Found, check
from bridgehead.ground.mail import FOLDER
from bridgehead.ground.models import Task
from bridgehead.ground.search.index import out_of_step


@check("tasks", "后台任务", "Background tasks")
def tasks_get_done(full: bool) -> Found:
    """See whether work failed, or waits for nobody."""
    failed = Task.objects.filter(state=Task.State.FAILED).count()
    late = Task.objects.filter(state=Task.State.WAITING, run_after__lt=timezone.now() - timedelta(minutes=10)).count()
    if not failed and not late:
        return OK
    return Found(
        "warning",
        f"{failed} 件失败，{late} 件等了十分钟以上",
        f"{failed} failed, {late} have waited for more than ten minutes",
        "在任务页看原因；没有运行 bridgehead run 或 bridgehead work 时，任务会一直等着。",
        "See the reasons among the tasks; they wait while neither bridgehead run nor bridgehead work runs.",
    )


@check("mail", "外发邮件", "Outgoing mail")
def mails_go_out(full: bool) -> Found:
    """See whether mails lie in the folder they are written to where no mail server is named."""
    written = []
    for file in (Path(settings.BRIDGEHEAD_DATA) / FOLDER).glob("[!.]*.eml"):
        try:
            written.append(file.stat().st_mtime)
        except FileNotFoundError:  # taken away meanwhile
            continue
    if not written:
        return OK
    oldest = datetime.fromtimestamp(min(written), UTC)
    return Found(
        "warning",
        f"{len(written)} 封写在 {FOLDER} 文件夹里，没有送出，最早的是 {oldest:%Y-%m-%d}",
        f"{len(written)} lie in the folder {FOLDER} and were not delivered, the oldest is of {oldest:%Y-%m-%d}",
        "设置 BRIDGEHEAD_MAIL_URL，以后的就会寄出；文件夹里的请转交给收件人，然后移走。",
        "Set BRIDGEHEAD_MAIL_URL and later ones are sent; hand on those in the folder, then take them away.",
    )


@check("search", "检索", "Search index")
def search_is_in_step(full: bool) -> Found:
    """See whether the index holds what the records say."""
    kinds = out_of_step()
    if not kinds:
        return OK
    return Found(
        "warning",
        f"与记录不一致：{'、'.join(kinds)}",
        f"out of step with the records: {', '.join(kinds)}",
        "运行 bridgehead search rebuild；重新启动平台也会自动补齐。",
        "Run bridgehead search rebuild; a restart of the platform catches up by itself, too.",
    )
