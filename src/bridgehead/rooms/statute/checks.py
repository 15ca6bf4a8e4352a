"""What the doctor looks at in the statute room."""

from __future__ import annotations

from django.db.models import Q

from bridgehead.ground.doctor.finding import Found, check
from bridgehead.rooms.statute.models import Answer, DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import edition


@check("statutes", "法规的读法", "Reading of statutes")
def statutes_are_read_by_todays_rules(full: bool) -> Found:
    """Count the texts whose duties were read by earlier rules, and the answers that lie on no duty."""
    standing = StatuteVersion.objects.filter(withdrawn_at=None)
    total = standing.count()
    older = standing.exclude(rules=edition()).count() if total else 0
    laid = DutyRow.objects.filter(answer__isnull=False).values("answer")
    answers = Answer.objects.filter(withdrawn_at=None, work__versions__in=standing)
    taken_over = Answer.objects.filter(withdrawn_at=None, carried_from__isnull=False).values("carried_from")
    # An answer whose text is gone has nothing to lie on; it waits for the text to come back.
    gone = Q(statute__withdrawn_at__isnull=False) & ~Q(statute__sha256__in=standing.values("sha256"))
    loose = answers.exclude(pk__in=laid).exclude(pk__in=taken_over).exclude(gone).distinct().count()
    if not older and not loose:
        return Found("ok", f"{total} 个文本", f"{total} texts")
    return Found(
        "warning",
        f"{total} 个文本里有 {older} 个按以前的规则读出，{loose} 次核对没有对上职责",
        f"{older} of {total} texts were read by earlier rules, {loose} answers lie on no duty",
        "在这些法规的页面上点“重读”；没有对上的核对，请在职责页上再答一次。",
        "Press “Read anew” on the pages of these statutes; give answers that lie on no duty once more.",
    )
