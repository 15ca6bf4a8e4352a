"""Preferential policies out of files: those of a region, and any other policies file with the facts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from bridgehead.engines.eligibility.facts import FACTS_FILE, FactRegister, read_register
from bridgehead.engines.eligibility.policies import PolicySet
from bridgehead.engines.eligibility.reading import POLICIES_FILE, Reading, read_policies
from bridgehead.kernel.decoding import decode, read_text
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.tables import Row, parse_table
from bridgehead.regions.folder import schemas
from bridgehead.regions.load import SHIPPED_REGION

FACTS_TABLE, WORDS_TABLE = "policy_facts", "policy_words"


def policies_of(text: str, files: Mapping[str, bytes]) -> Reading:
    """Return what a region's files say of policies.

    Parameters
    ----------
    text : str
        `policies.yaml`, empty where the region has none.
    files : mapping
        Table name to the bytes of the table.
    """
    if not text:
        return Reading(PolicySet(MappingProxyType({}), FactRegister()))
    if FACTS_TABLE not in files:
        return _without_facts(POLICIES_FILE)
    return _read(text, decode(files[FACTS_TABLE], FACTS_FILE).text or "", POLICIES_FILE)


def read_policies_file(path: Path) -> Reading:
    """Read a policies file and the register of facts in the same folder.

    Parameters
    ----------
    path : Path
        The policies file.

    Returns
    -------
    Reading
        With the faults of both files.

    Raises
    ------
    BridgeheadError
        ``eligibility.file_not_readable``, or what is wrong with the encoding of the file.
    """
    text = read_file(path)
    beside = path.parent / FACTS_FILE
    if not beside.exists():
        return _without_facts(path.name)
    return _read(text, read_file(beside), path.name)


def words_of(folder: Path) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return what facts and their values are called, by fact and value; a value is empty for the fact itself.

    Parameters
    ----------
    folder : Path
        Where `policy_words.csv` lies; where it does not, the words the platform ships with are taken.
    """
    rows = _word_rows(folder)
    return {(row.text("fact"), row.text("value")): (row.text("name_zh"), row.text("name_en")) for row in rows}


def asked_in_percent(folder: Path) -> frozenset[str]:
    """Return the facts that people give and read in per cent, by the same table as `words_of`."""
    return frozenset(row.text("fact") for row in _word_rows(folder) if row["asked_as"])


def _word_rows(folder: Path) -> tuple[Row, ...]:
    schema = schemas()[WORDS_TABLE]
    for place in (folder, SHIPPED_REGION):
        content = read_text(place / f"{schema.name}.csv", f"{schema.name}.csv", optional=True)
        if content.text is not None:
            return parse_table(content.text, schema)[0].rows
    return ()


def read_file(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises
    ------
    BridgeheadError
        ``eligibility.no_file_named`` for an empty name, ``eligibility.file_not_readable``, or what is wrong with its
        encoding.
    """
    if path == Path():
        raise BridgeheadError("eligibility.no_file_named")
    content = read_text(path, path.name)
    if content.text is not None:
        return content.text
    told = content.faults[0]
    if told.code in ("table.missing_file", "table.unreadable", "table.not_a_file"):
        # The sentences of tables speak of a region's folder, which this file need not lie in.
        raise BridgeheadError("eligibility.file_not_readable", {"path": str(path), **_reason(told)}, told.place)
    raise BridgeheadError.of(content.faults)


def _reason(fault: Fault) -> dict[str, object]:
    return {"reason": fault.parameters["reason"]} if "reason" in fault.parameters else {}


@lru_cache(maxsize=8)
def _read(text: str, facts: str, file: str) -> Reading:
    """Read both texts; a region is checked whenever it is loaded, and its policies seldom change meanwhile."""
    register, faults = read_register(facts)
    if faults:  # whoever names a fact that could not be read is not blamed for it
        return Reading(PolicySet(MappingProxyType({}), register), faults=faults)
    return read_policies(text, register, file)


def _without_facts(file: str) -> Reading:
    """Say that the register is not there; without it nothing in a policies file can be judged."""
    fault = Fault("policy.no_facts_file", {"facts_file": FACTS_FILE}, Place(file))
    return Reading(PolicySet(MappingProxyType({}), FactRegister()), faults=(fault,))
