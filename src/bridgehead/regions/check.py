"""All checks of a region at once: structure from the schemas, then named consistency checks, each one function.

A check says what it found as faults with file, row, column and a code whose sentence names the cure. It never blames
what another fault may have caused: where a table could not be read in full, or a link's end could not be read, the
checks that would need it stay silent or assume the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridgehead.kernel.errors import Fault, fault_as_json
from bridgehead.regions.checks import (
    calibration,
    content,
    corridors,
    formulas,
    indicators,
    network,
    parameters,
    plausibility,
    policies,
    policy_words,
    port_models,
    programmes,
    published,
    scenarios,
    services,
    statute,
)
from bridgehead.regions.folder import Folder, in_file_order, read_folder
from bridgehead.regions.load import region_path

Check = Callable[[Folder], Iterable[Fault]]

CHECKS: tuple[Check, ...] = (
    content.region_has_places_and_ports,
    content.ids_are_of_one_table,
    content.demand_of_base_year,
    content.commodities_have_a_freight_class,
    content.statutory_class_has_a_source,
    content.periods_run_forward,
    content.districts_are_at_home,
    content.consignments_are_clear,
    content.synonyms_are_groups,
    published.published_routes_are_comparable,
    network.links_join_two_places,
    network.links_are_listed_once,
    network.rail_links_have_a_gauge,
    network.capacities_have_a_unit,
    network.length_suits_great_circle,
    network.ports_are_fit_for_the_map,
    network.open_land_ports_cross_the_border,
    network.places_are_reachable,
    network.demand_has_a_path,
    plausibility.opening_months_are_months,
    plausibility.counterparts_lie_across_the_border,
    plausibility.gauges_go_on,
    plausibility.speeds_are_of_this_world,
    plausibility.boxes_hold_what_they_can,
    scenarios.scenarios_have_edits,
    calibration.constants_can_move,
    calibration.background_is_on_links,
    corridors.corridors_are_counted,
    corridors.corridors_follow_links,
    parameters.cost_keys_exist,
    parameters.engine_accepts_parameters,
    formulas.formulas_give_the_value,
    indicators.indicators_have_known_units,
    indicators.formulas_name_what_is_defined,
    indicators.values_are_in_the_unit_of_their_indicator,
    indicators.indicator_periods_can_be_read,
    statute.articles_are_complete,
    statute.organisations_name_articles,
    statute.organisations_stand_in_a_tree,
    statute.trace_is_sound,
    policies.policies_can_be_decided,
    programmes.kinds_of_programmes_are_whole,
    programmes.kinds_of_programmes_differ,
    programmes.stages_of_programmes_are_in_order,
    programmes.fields_of_programmes_are_typed,
    programmes.parts_of_programmes_have_a_whole,
    programmes.indicators_of_programmes_can_be_computed,
    services.services_are_whole,
    services.times_of_services_can_be_read,
    services.procedures_of_services_run,
    services.conditions_of_moves_can_be_met,
    services.offices_of_services_exist,
    services.routing_of_services_is_by_a_choice,
    services.forms_of_services_are_clear,
    services.urgent_cases_can_be_told,
    services.office_hours_can_be_kept,
    services.escalation_of_services_rises,
    port_models.open_land_ports_have_a_model,
    port_models.models_are_of_ports,
)
"""The consistency checks in the order they run; the first line of each docstring says what it demands."""

DEEP_CHECKS: tuple[Check, ...] = (
    port_models.models_can_be_read,
    port_models.checks_of_models_compare_something,
    parameters.model_can_price_goods,
    published.published_routes_have_an_answer,
    scenarios.scenarios_can_be_made,
    content.translations_say_something,
    policy_words.facts_have_words,
    policy_words.policies_have_titles,
    policy_words.terms_of_policies_have_names,
    policy_words.words_on_policies_are_whole,
)
"""Checks that let the engines work on the region; they need one without errors and are left out when it is loaded."""


@dataclass(frozen=True)
class Report:
    """What a check of a region found.

    Parameters
    ----------
    path : Path
        The folder.
    region : str
        Id of the region, empty if it could not be read.
    faults : tuple of Fault
        Everything found, by file and row.
    tables : int
        Number of tables present.
    rows : int
        Number of rows in them.
    content_hash : str
        SHA-256 over the files.
    """

    path: Path
    region: str
    faults: tuple[Fault, ...]
    tables: int
    rows: int
    content_hash: str = ""

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Faults with which the region cannot be used."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """Faults with which it can."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")


def check_region(path: Path | str | None = None) -> Report:
    """Check a region's folder, whatever it holds.

    Parameters
    ----------
    path : Path, optional
        The folder; the region in use if none is given.

    Returns
    -------
    Report
        Every fault at once. Never raises for what lies on the disk.
    """
    folder = read_folder(region_path(path))
    faults = check_folder(folder)
    if not any(fault.severity == "error" for fault in faults):
        faults = in_file_order((*faults, *(fault for check in DEEP_CHECKS for fault in check(folder))))
    present = [table for table in folder.tables.values() if table.present]
    return Report(
        folder.path,
        folder.settings.id,
        faults,
        len(present),
        sum(len(table) for table in present),
        folder.content_hash,
    )


def check_folder(folder: Folder) -> tuple[Fault, ...]:
    """Return all faults of a folder that has been read: those of structure and those of every consistency check."""
    faults = list(folder.faults)
    if not any(table.present for table in folder.tables.values()):
        return in_file_order(faults)
    for check in CHECKS:
        faults.extend(check(folder))
    return in_file_order(faults)


def report_json(report: Report, language: str = "zh") -> dict[str, Any]:
    """Return a report as JSON types: counts, and every fault with its sentence and cure."""
    return {
        "region": report.region,
        "path": str(report.path).encode("utf-8", "backslashreplace").decode("utf-8"),
        "ok": not report.errors,
        "tables": report.tables,
        "rows": report.rows,
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "content_hash": report.content_hash,
        "faults": [fault_as_json(fault, language) for fault in report.faults],
    }
