"""The operations of the desk room."""

from ninja import Router

from bridgehead.rooms.desk.api import home, news, policies, training

router = Router(tags=["desk"])
for subject in (home, policies, news, training):
    router.add_router("", subject.router)
