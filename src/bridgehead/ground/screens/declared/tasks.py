"""The page of background work."""

from collections.abc import Iterable

from bridgehead.ground.pages import Example, Page
from bridgehead.regions.load import Region


def _lists(region: Region) -> Iterable[Example]:
    """Return all tasks, and those that failed."""
    return [Example(), Example(query="state=failed")]


PAGES = (
    Page(
        name="ground:tasks",
        path="tasks/",
        view="bridgehead.ground.screens.views.tasks.tasks",
        title_zh="后台任务",
        title_en="Background tasks",
        description_zh="正在后台做什么、做到哪里、大约还要多久；可以取消，失败的可以重试。",
        description_en="What is being done in the background, how far it is, about how long; cancel, or try again.",
        audience="signed-in",
        posts=True,
        nav=70,
        api="/tasks",
        examples=_lists,
    ),
)
