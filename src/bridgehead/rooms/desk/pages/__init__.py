"""The pages of the desk room, in the order of its row."""

from bridgehead.ground.pages import Download, Page, Room
from bridgehead.rooms.desk.pages import (
    cases,
    home,
    news,
    notices,
    outbound,
    policies,
    products,
    promotion,
    replies,
    training,
)

ROOM = Room(
    "desk",
    "服务",
    "Desk",
    "对经营主体的服务",
    "Services to traders",
    short_ru="Услуги",
    short_mn="Үйлчилгээ",
    title_ru="Услуги участникам торговли",
    title_mn="Худалдаа эрхлэгчдэд үзүүлэх үйлчилгээ",
)

_SUBJECTS = (home, replies, cases, policies, notices, news, training, promotion, products, outbound)
PAGES: tuple[Page, ...] = tuple(page for subject in _SUBJECTS for page in subject.PAGES)
DOWNLOADS: tuple[Download, ...] = tuple(one for subject in _SUBJECTS for one in subject.DOWNLOADS)
