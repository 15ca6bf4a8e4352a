"""Operations beside the ground's own pages; a subject joins by a module of its name with a ``router``."""

from importlib import import_module
from importlib.util import find_spec

from ninja import Router

from bridgehead.ground.screens.pages import SUBJECTS

router = Router()
for subject in SUBJECTS:
    if find_spec(f"{__package__}.{subject}"):
        router.add_router("", import_module(f"{__package__}.{subject}").router)
