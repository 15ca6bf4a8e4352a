"""The operations of the desk room."""

from ninja import Router

from bridgehead.rooms.desk.api import home, policies

router = Router(tags=["desk"])
for subject in (home, policies):
    router.add_router("", subject.router)
