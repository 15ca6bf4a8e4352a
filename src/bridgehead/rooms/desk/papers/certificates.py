"""The certificate of somebody who attended a training session, as a paper."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.render.docx_paper import Grid, Paper, Text
from bridgehead.rooms.desk.selectors.training import Certificate


def certificate_paper(found: Certificate, address: str = "") -> Paper:
    """Return a certificate as a paper.

    Parameters
    ----------
    found : Certificate
        What it says.
    address : str
        Address of the page on which anybody can check it; empty where it is not known.

    Articles: 51
    """
    place, session = found.place, found.session
    begins = timezone.localtime(session.record.starts_at)
    hours = (session.record.ends_at - session.record.starts_at).total_seconds() / 3600
    facts = [
        (pgettext("certificate", "姓名"), place.name),
        (pgettext("certificate", "单位"), place.firm_name),
        (pgettext("certificate", "培训"), session.title),
        (pgettext("certificate", "日期"), wording.day(begins.date(), language())),
        (pgettext("certificate", "时长"), wording.hours(hours, language())),
        (pgettext("certificate", "举办单位"), session.office),
        (pgettext("certificate", "证明编号"), place.certificate or ""),
    ]
    check = pgettext("certificate", "任何人都可以凭证明编号在平台的“核对培训证明”页核对。")
    blocks = [
        Text(pgettext("certificate", "下列人员参加了这场培训。")),
        Grid((pgettext("certificate", "事项"), pgettext("certificate", "内容")), facts, (4, 12)),
        Text(session.office, at_right=True),
        Text(wording.day(place.certified_on, language()), at_right=True),
        Text(f"{check} {address}".strip(), fine=True),
    ]
    return Paper(pgettext("certificate", "培训证明"), blocks, language())
