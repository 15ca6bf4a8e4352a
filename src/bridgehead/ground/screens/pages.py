"""The ground's own pages: accounts, people, journal, files, imports, tasks, doctor; one module of declarations each.

A subject joins by a module of its name in ``declared`` with a tuple ``PAGES`` and, where it has files, ``DOWNLOADS``.
"""

from importlib import import_module
from importlib.util import find_spec

from bridgehead.ground.pages import Room

ROOM = Room(
    "ground",
    "平台",
    "Platform",
    "账号与平台管理",
    "Accounts and administration",
    in_header=False,
    short_ru="Платформа",
    short_mn="Платформ",
    title_ru="Учётные записи и управление",
    title_mn="Бүртгэл ба удирдлага",
)

SUBJECTS = ("accounts", "people", "journal", "files", "imports", "tasks", "doctor", "translations", "search")
_PLACE = f"{__package__}.declared"
_MODULES = [import_module(f"{_PLACE}.{name}") for name in SUBJECTS if find_spec(f"{_PLACE}.{name}")]

PAGES = tuple(page for module in _MODULES for page in module.PAGES)
DOWNLOADS = tuple(one for module in _MODULES for one in getattr(module, "DOWNLOADS", ()))
