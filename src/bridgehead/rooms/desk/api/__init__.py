"""The operations of the desk room."""

from ninja import Router

from bridgehead.rooms.desk.api import cases, home, news, policies, products, promotion, training

router = Router(tags=["desk"])
for subject in (cases, home, policies, news, training, promotion, products):
    router.add_router("", subject.router)
