"""Declarations of the page that brings the freight of the region and a port's model to agreement, and of its files."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region
from bridgehead.regions.port_models import ports_with_models

_VIEWS = "bridgehead.rooms.gateway.views.port_agreements"


def _ports(region: Region) -> Iterable[Example]:
    for port in ports_with_models(region):
        yield Example({"port": port})


def _none(region: Region) -> Iterable[Example]:
    """Return no address: there is a file only once the loop was run."""
    return ()


PORT_AGREEMENT_PAGES = (
    Page(
        name="gateway:port-agreement",
        path="ports/<id:port>/agreement/",
        view=f"{_VIEWS}.agreement",
        title_zh="货流与口岸求一致",
        title_en="Freight and port in agreement",
        description_zh="来多少货、停多久互相决定：货流和口岸仿真轮流算到一致，每轮差多少都写明。",
        description_en="How much comes and how long it stays decide each other: flows and port model until they agree.",
        audience="scenario.save",
        posts=True,
        articles=(9, 12, 17, 25),
        api="/ports/{port}/agreement",
        examples=_ports,
    ),
)

PORT_AGREEMENT_DOWNLOADS = (
    Download(
        name="port-agreement-csv",
        path="ports/<id:port>/agreement.csv",
        view=f"{_VIEWS}.agreement_csv",
        audience="scenario.save",
        examples=_none,
    ),
    Download(
        name="port-agreement-json",
        path="ports/<id:port>/agreement.json",
        view=f"{_VIEWS}.agreement_json",
        audience="scenario.save",
        examples=_none,
    ),
)
