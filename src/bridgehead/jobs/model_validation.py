"""The validation report of a region: computed once per content of the region and version of the engines, and kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bridgehead.engines.flows import validation
from bridgehead.engines.flows.calibration import Constant
from bridgehead.engines.flows.freight import Settings
from bridgehead.engines.flows.validation import Evidence, Validation
from bridgehead.engines.network.components import ComponentTables
from bridgehead.jobs.processes import Call, Check, Progress, run_all
from bridgehead.jobs.reference_flows import engine_version
from bridgehead.jobs.store import Store
from bridgehead.kernel.hashing import content_hash
from bridgehead.regions import evidence as regions_evidence
from bridgehead.regions import reported as regions_reported
from bridgehead.regions.evidence import background_of, constants_of, evidence_of
from bridgehead.regions.load import Region


@cache
def _reading_version() -> str:
    files = [Path(module.__file__ or "") for module in (regions_evidence, regions_reported)]
    return content_hash([content_hash(file.read_bytes()) for file in files])


def key(region: Region) -> str:
    """Return the key of a region's report: it changes with its content, the engines, and how reports are read."""
    of = {"region": region.content_hash, "engine": engine_version(), "reading": _reading_version()}
    return f"{_beginning(region)}{content_hash(of)[:40]}"


def _beginning(region: Region) -> str:
    return f"validation-{region.id}-"


def can_be_validated(region: Region) -> bool:
    """Tell whether a region says which constants may be adjusted, and reports what they could be found from."""
    return bool(region.rows(regions_evidence.CONSTANTS_TABLE)) and bool(evidence_of(region).targets)


def stored_validation(region: Region, store: Store) -> Validation | None:
    """Return the report if it was computed before, else None: a page does not compute it while somebody waits."""
    return store.get(key(region), Validation.from_json)


def region_validation(
    region: Region,
    store: Store,
    *,
    processes: int = 0,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Validation:
    """Return the report of a region's base year from the store, or compute and keep it.

    Parameters
    ----------
    region : Region
        The loaded region.
    store : Store
        Where results are kept; reports on other contents of the region are removed.
    processes : int, optional
        0 computes here, 1 in a process beside this one, which ends at once when `check` says so.
    progress, check : callable, optional
        As for `bridgehead.jobs.processes.run_all`; progress counts the steps of the report.

    Raises
    ------
    BridgeheadError
        What the engine refuses, `calibration.no_target` and `calibration.no_constant` among it;
        ``jobs.process_died``.
    """

    def compute() -> Validation:
        settings = Settings(background=background_of(region))
        call = Call(_validate, (region.network(), evidence_of(region), constants_of(region), settings))
        [found] = run_all([call], processes=processes, progress=progress, check=check)
        assert isinstance(found, Validation)
        return found

    return store.get_or_compute(
        key(region),
        compute,
        pack=lambda report: report.to_json().encode(),
        unpack=Validation.from_json,
        instead_of=_beginning(region),
    )


def _validate(
    tables: ComponentTables, evidence: Evidence, constants: tuple[Constant, ...], settings: Settings, *,
    progress: Progress,
) -> Validation:  # fmt: skip
    return validation.validate(tables, evidence, constants, settings=settings, progress=progress)
