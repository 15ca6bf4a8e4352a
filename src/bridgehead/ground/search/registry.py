"""What can be found: each room registers its kinds of things, and how one of them becomes a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from bridgehead.ground.access.audience import PUBLIC, known_audience
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import speak
from bridgehead.ground.search.scope import refuse_unless_told
from bridgehead.regions.load import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the index knows of one thing.

    Attributes
    ----------
    record : str
        Its id within the kind.
    title_zh, title_en : str
        Its names, at least one of them.
    page, kwargs, query : str, mapping, str
        The page that shows it: name of the declaration, values of the path, query string without ``?``.
    names : tuple of str
        What else it is called; as good as the title.
    text : str
        What else it is found by; a line for each thing said, so that what is shown of it is one line.
    audience : str
        Who may find it, in the words of the page declarations; empty for that of its kind.
    """

    record: str
    title_zh: str
    title_en: str
    page: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    names: tuple[str, ...] = ()
    text: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """One kind of things that can be found: from the region's tables, or records of a model.

    Attributes
    ----------
    kind : str
        Its name, the same as in panels and in the journal.
    title_zh, title_en, title_ru, title_mn : str
        What many of them are called; English stands for a name that is left out.
    of_region : callable, optional
        Gives the documents of a region; everybody may find them unless their audience says otherwise.
    model : type, optional
        Model of the records. Who may find one is what its ``VISIBILITY`` says.
    document : callable, optional
        Gives the document of a record, or None to leave it out; with `model`.
    rows : callable, optional
        Gives the records to index, with what their documents need; all of the model by default.
    audience : str
        Who may find them at all, before their visibility is asked: ``public``, ``signed-in`` or a permission.
    kept_back : callable, optional
        Gives, for a viewer, questions for the keys of records that are not shown to them yet though their visibility
        would let them be.
    order : int
        Lower numbers stand higher where nothing else decides.
    """

    kind: str
    title_zh: str
    title_en: str
    title_ru: str = ""
    title_mn: str = ""
    of_region: Callable[[Region], Iterable[Document]] | None = None
    model: type[Model] | None = None
    document: Callable[[Any], Document | None] | None = None
    rows: Callable[[], QuerySet[Any]] | None = None
    audience: str = PUBLIC
    kept_back: Callable[[Viewer], Iterable[QuerySet[Any, Any]]] | None = None
    order: int = 100

    def title(self, language: str) -> str:
        """Return what many of them are called in one of the languages."""
        return speak(language, self.title_zh, self.title_en, self.title_ru, self.title_mn)

    def records(self) -> QuerySet[Any]:
        """Return the records to index, whoever may see them."""
        assert self.model is not None
        return self.rows() if self.rows else self.model._default_manager.all()


_registered: dict[str, Searchable] = {}


def register(one: Searchable) -> None:
    """Register a kind; registering it again replaces it.

    Raises
    ------
    ValueError
        If it comes from nowhere or from two places, its audience is unknown, or its visibility cannot be kept.
    """
    if (one.of_region is None) == (one.model is None) or (one.model is None) != (one.document is None):
        raise ValueError(f"{one.kind}: either of_region, or model and document")
    known_audience(one.audience)
    if one.model is not None:
        refuse_unless_told(one.model)
    _registered[one.kind] = one


def kinds() -> tuple[Searchable, ...]:
    """Return every registered kind in order."""
    return tuple(sorted(_registered.values(), key=lambda one: (one.order, one.kind)))


def kind_of(record: Model) -> Searchable | None:
    """Return the kind of a record, None if its model is not searched."""
    return next((one for one in _registered.values() if one.model is type(record)), None)
