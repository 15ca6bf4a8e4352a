"""The operations of the desk room."""

from ninja import Router

from bridgehead.rooms.desk.api import home, policies, training

router = Router(tags=["desk"])
for subject in (home, policies, training):
    router.add_router("", subject.router)
