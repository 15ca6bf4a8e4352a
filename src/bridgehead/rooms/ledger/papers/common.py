"""What the papers of the ledger have in common."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.render.docx_paper import Text


def day_word(value: date | None) -> str:
    """Return a day in the language of the paper, a dash for none."""
    return wording.day(value, language()) if value else "—"


def percent_word(share: float) -> str:
    """Return a share in per cent."""
    return wording.percent(share, language(), 0)


def standing_note(on: date, *, whole: bool = True) -> Text:
    """Return the note that says what a paper of the ledger is and is not, and whether it rests on all records."""
    said = _("由平台台账的记录生成，截至 %(day)s。没有记录的，不等于没有做；本文不向任何机关报送。") % {
        "day": day_word(on)
    }
    return Text(said if whole else speak(language(), "", " ").join((said, partly())), fine=True)


def partly() -> str:
    """Return the note of a paper that holds a part of the records."""
    return _("只含生成它的人能看到的记录，不是全部单位的记录。")
