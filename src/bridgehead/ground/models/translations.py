"""Who has read the words of a language and stands for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.models.people import Person


class TranslationSignature(models.Model):
    """One signature: the language, the words that were signed with their digest, who signed and when.

    The name is kept as it was: the page names the reader whoever may see the account. By the words it is told what
    changed since.
    """

    RECORD: ClassVar = "translation"
    LEFT_OUT: ClassVar = ("words",)

    language = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    words = models.JSONField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reader = models.CharField(max_length=100)
    signed_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-signed_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("language", "digest", "person"), name="a_reader_signs_words_once"),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.digest[:12]} ({self.reader})"
