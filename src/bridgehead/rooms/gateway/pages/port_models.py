"""Declarations of the pages on port models and their runs, and of their files."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region
from bridgehead.regions.port_models import ports_with_models

_VIEWS = "bridgehead.rooms.gateway.views.port_models"
_RUNS = "bridgehead.rooms.gateway.views.port_runs"
_FILES = "bridgehead.rooms.gateway.views.port_run_files"
_LANES = "bridgehead.rooms.gateway.views.port_lanes"
_STAFFED = (11, 12, 13, 17, 25)
_ARTICLES = (9, 10, 11, 12, 13, 17, 25, 49)


def _models(region: Region) -> Iterable[Example]:
    for port in ports_with_models(region):
        yield Example({"port": port})


def _runs(region: Region) -> Iterable[Example]:
    for port in ports_with_models(region):
        yield Example({"port": port, "run": "base"})


def _none(region: Region) -> Iterable[Example]:
    """Return no address: there is a file only once the model was run."""
    return ()


PORT_MODEL_PAGES = (
    Page(
        name="gateway:port-models",
        path="port-models/",
        view=f"{_VIEWS}.models",
        title_zh="口岸模型一览",
        title_en="Port models",
        description_zh="地区有哪些口岸模型：哪些对照过报告，哪些只作示意，各有几个参数有报道。",
        description_en="Which port models the region has, which are checked against reports, how much is reported.",
        audience="public",
        under="gateway:ports",
        articles=_ARTICLES,
        api="/port-models",
    ),
    Page(
        name="gateway:port-model",
        path="ports/<id:port>/model/",
        view=f"{_VIEWS}.model",
        title_zh="口岸模型",
        title_en="Port model",
        description_zh="一个口岸怎样放行：经过哪些环节、每个参数从哪里来、哪里最紧。",
        description_en="How a port clears: its stages, where each figure comes from, where it is tightest.",
        audience="public",
        articles=_ARTICLES,
        api="/ports/{port}/model",
        examples=_models,
    ),
    Page(
        name="gateway:port-variant",
        path="ports/<id:port>/model/variant/",
        view=f"{_VIEWS}.variant",
        title_zh="改参数再算",
        title_en="Change figures and run",
        description_zh="改一个口岸模型的参数，定重复几次、看多久，存成一次运行。",
        description_en="Change figures of a port model, say how often and how long it is run, and save it as a run.",
        audience="scenario.save",
        posts=True,
        articles=_ARTICLES,
        without_api="a form shows nothing that could be data",
        examples=_models,
    ),
    Page(
        name="gateway:port-runs-compared",
        path="ports/<id:port>/runs/compare/",
        view=f"{_RUNS}.compared",
        title_zh="两次运行对比",
        title_en="Two runs compared",
        description_zh="一个口岸的两次运行并列：每个数差多少，差的区间多宽，是不是同一组随机数。",
        description_en="Two runs of a port side by side: how far apart each figure is, and how sure that is.",
        audience="scenario.save",
        articles=_ARTICLES,
        api="/ports/{port}/runs/compare",
        examples=_models,
    ),
    Page(
        name="gateway:port-run",
        path="ports/<id:port>/runs/<id:run>/",
        view=f"{_RUNS}.run",
        title_zh="一次运行",
        title_en="One run",
        description_zh="一次运行的结果：停留多久、哪里排队、什么时候排、时间花在哪里，附区间。",
        description_en="What a run found: how long units stay, where and when they queue, where time goes.",
        audience="scenario.save",
        posts=True,
        articles=_ARTICLES,
        api="/ports/{port}/runs/{run}",
        examples=_runs,
    ),
)

PORT_LANE_PAGES = (
    Page(
        name="gateway:port-lanes",
        path="ports/<id:port>/runs/<id:run>/lanes/",
        view=f"{_LANES}.lanes",
        title_zh="通道数与停留",
        title_en="Lanes against stay",
        description_zh="一个环节多开或少开几条通道，停留会变成多少，附 95% 区间。",
        description_en="What more or fewer lanes at one stage do to the stay, with 95 % intervals.",
        audience="scenario.save",
        posts=True,
        articles=_STAFFED,
        api="/ports/{port}/runs/{run}/lanes",
        examples=_runs,
    ),
    Page(
        name="gateway:port-staffing",
        path="ports/<id:port>/runs/<id:run>/staffing/",
        view=f"{_LANES}.staff",
        title_zh="按服务承诺配通道",
        title_en="Lanes for a promise of service",
        description_zh="要守住一个服务承诺，各环节各开几条通道最省，有多大把握，少一条会怎样。",
        description_en="The fewest lanes that keep a promise of service, how sure that is, what one lane less does.",
        audience="scenario.save",
        posts=True,
        articles=_STAFFED,
        api="/ports/{port}/runs/{run}/staffing",
        examples=_runs,
    ),
)

PORT_MODEL_DOWNLOADS = (
    *(
        Download(
            name=f"port-runs-compared-{form}",
            path=f"ports/<id:port>/runs/compare.{form}",
            view=f"{_FILES}.compared_{form}",
            audience="scenario.save",
            examples=_none,
        )
        for form in ("csv", "json")
    ),
    *(
        Download(
            name=f"port-{what}-{form}",
            path=f"ports/<id:port>/runs/<id:run>/{what}.{form}",
            view=f"{_LANES}.{view}_{form}",
            audience="scenario.save",
            examples=_none,
        )
        for what, view in (("lanes", "lanes"), ("staffing", "staff"))
        for form in ("csv", "json")
    ),
    Download(
        name="port-model-yaml",
        path="ports/<id:port>/model.yaml",
        view=f"{_VIEWS}.model_yaml",
        audience="public",
        examples=_models,
    ),
    Download(
        name="port-run-csv",
        path="ports/<id:port>/runs/<id:run>/results.csv",
        view=f"{_FILES}.run_csv",
        audience="scenario.save",
        examples=_none,
    ),
    Download(
        name="port-run-json",
        path="ports/<id:port>/runs/<id:run>/results.json",
        view=f"{_FILES}.run_json",
        audience="scenario.save",
        examples=_none,
    ),
    Download(
        name="port-run-docx",
        path="ports/<id:port>/runs/<id:run>/results.docx",
        view=f"{_FILES}.run_docx",
        audience="scenario.save",
        examples=_none,
    ),
)
