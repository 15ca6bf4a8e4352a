"""The operations of the desk room."""

from ninja import Router

from bridgehead.rooms.desk.api import cases, home, news, policies, products, promotion, replies, training

router = Router(tags=["desk"])
for subject in (cases, home, policies, replies, news, training, promotion, products):
    router.add_router("", subject.router)
