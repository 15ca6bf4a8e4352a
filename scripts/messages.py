"""Compile every message catalogue under src/, whatever its language, with Babel; print what was compiled."""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "bridgehead"


def compile_catalogue(po: Path) -> bytes:
    """Return the bytes of the compiled catalogue of a .po file (GNU gettext .mo format).

    Raises
    ------
    ValueError
        If a message has no translation or is marked fuzzy.
    """
    import io

    with po.open("rb") as handle:
        catalogue = read_po(handle, locale=po.parts[-3], domain=po.stem)
    for message in catalogue:
        if message.id and (message.fuzzy or not message.string):
            raise ValueError(f"{po.relative_to(SOURCE)}: no translation of {message.id!r}")
    # The time of compiling would make every run a change of the file.
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Compile all catalogues beside their sources."""
    for po in sorted(SOURCE.rglob("*.po")):
        po.with_suffix(".mo").write_bytes(compile_catalogue(po))
        print(po.relative_to(SOURCE))


if __name__ == "__main__":
    main()
