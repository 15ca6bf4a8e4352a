"""The page of notices."""

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Page
from bridgehead.rooms.desk.selectors.notices import unread_count

VIEWS = "bridgehead.rooms.desk.views"

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:notices",
        path="desk/notices/",
        view=f"{VIEWS}.notices.notices",
        title_zh="通知",
        title_en="Notices",
        title_ru="Уведомления",
        title_mn="Мэдэгдэл",
        description_zh="告诉您的企业或单位的事：办件、报名、适合的政策；选哪些同时发到邮箱。",
        description_en="What your firm or office was told: cases, sign-ups, policies that fit; choose what is mailed.",
        description_ru="О чём сообщено вашему предприятию или ведомству; можно выбрать, что присылать на почту.",
        description_mn="Танай байгууллагад мэдэгдсэн зүйл: хүсэлт, бүртгэл, тохирох бодлого; и-мэйлээр авахаа сонгоно.",
        audience="signed-in",
        languages=LANGUAGES,
        posts=True,
        articles=(51,),
        nav=55,
        count=unread_count,
        without_api="what somebody alone is told; a program that reads it would have to hold their session",
    ),
)
DOWNLOADS: tuple[Download, ...] = ()
