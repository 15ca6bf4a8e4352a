"""Signing a translation: a named reader stands for the words as they are."""

from __future__ import annotations

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import REVIEWED_BY_NAME
from bridgehead.ground.models import Person, TranslationSignature
from bridgehead.ground.translations.words import digest_of, words_of
from bridgehead.kernel.errors import BridgeheadError


@action("translation.sign", permission="translation.sign")
def sign_translation(deed: Deed, *, language: str, digest: str) -> TranslationSignature:
    """Sign the words of a language under one's own name; its pages are marked as unreviewed no more.

    Parameters
    ----------
    deed : Deed
        What is done.
    language : str
        One of `bridgehead.ground.language.REVIEWED_BY_NAME`.
    digest : str
        Digest of the words that were read: others are not signed unread.

    Raises
    ------
    BridgeheadError
        ``action.not_signed_in``, ``translation.no_such_language``, ``translation.changed``,
        ``translation.signed_already``.
    """
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    if language not in REVIEWED_BY_NAME:
        raise BridgeheadError("translation.no_such_language", {"language": language, "known": list(REVIEWED_BY_NAME)})
    now = digest_of(language)
    if digest != now:
        deed.refuse("translation.changed", {"language": language, "digest": now[:12]})
    elif TranslationSignature.objects.filter(language=language, digest=now, person=deed.by.person_id).exists():
        deed.refuse("translation.signed_already", {"language": language})
    deed.check()
    with as_system("naming the reader"):
        reader = Person.objects.get(pk=deed.by.person_id).name
    told = {"language": language, "digest": now, "words": dict(words_of(language)), "reader": reader}
    return deed.create(TranslationSignature(person_id=deed.by.person_id, signed_at=deed.at, **told))
