"""The pages of training."""

from __future__ import annotations

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import OFFER

VIEWS = "bridgehead.rooms.desk.views.training"
DESK = "bridgehead.rooms.desk.views.training_desk"

_sessions = of("TrainingSession", lambda one: Example({"session": one.pk}), is_open=True)
_certified = of("TrainingPlace", lambda one: Example({"place": one.pk}), certificate__isnull=False)

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:training",
        path="training/",
        view=f"{VIEWS}.training",
        title_zh="培训",
        title_en="Training",
        title_ru="Обучение",
        title_mn="Сургалт",
        description_zh="接下来的培训：什么时候、在哪里或线上、用什么语言、还有几个座位；可以存到日历。",
        description_en="Training that comes: when, where or online, in which language, seats left; for your calendar.",
        description_ru="Ближайшее обучение: когда, где или онлайн, на каком языке, сколько мест; можно в календарь.",
        description_mn="Удахгүй болох сургалт: хэзээ, хаана эсвэл цахимаар, ямар хэлээр, хэдэн суудалтай.",
        audience="public",
        languages=LANGUAGES,
        articles=(48, 51),
        nav=44,
        api="/training",
    ),
    Page(
        name="desk:training-session",
        path="training/<int:session>/",
        view=f"{VIEWS}.session",
        title_zh="一场培训",
        title_en="A training session",
        title_ru="Занятие",
        title_mn="Нэг сургалт",
        description_zh="一场培训讲什么、怎么参加；企业和没有账号的伙伴都可以报名。",
        description_en="What a session is about and how to take part; firms and partners without an account sign up.",
        description_ru="О чём занятие и как принять участие; записаться можно и без учётной записи.",
        description_mn="Сургалт юуны тухай, хэрхэн оролцох; бүртгэлгүй түнш ч нэрээ өгч болно.",
        audience="public",
        languages=LANGUAGES,
        posts=True,
        articles=(48, 51),
        api="/training/{session}",
        needs=NEEDS,
        examples=_sessions,
    ),
    Page(
        name="desk:training-place",
        path="training/places/",
        view=f"{VIEWS}.place",
        title_zh="查询培训报名",
        title_en="Look up a sign-up",
        title_ru="Проверить запись",
        title_mn="Бүртгэлээ шалгах",
        description_zh="用编号和查询码查看报名，可以取消，可以下载证明。",
        description_en="Look up your place by number and code, give it up, or take your certificate.",
        description_ru="По номеру и коду можно посмотреть запись, отменить её или получить свидетельство.",
        description_mn="Дугаар, кодоор бүртгэлээ харж, цуцлах эсвэл гэрчилгээгээ авч болно.",
        audience="public",
        languages=LANGUAGES,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:training-certificate",
        path="training/certificate/",
        view=f"{VIEWS}.check_certificate",
        title_zh="核对培训证明",
        title_en="Check a certificate",
        title_ru="Проверить свидетельство",
        title_mn="Гэрчилгээ шалгах",
        description_zh="填证明编号，看有没有这份证明、是谁的、哪场培训。",
        description_en="Enter the number of a certificate to see whether it exists, whose it is, and what for.",
        description_ru="Введите номер свидетельства, чтобы узнать, существует ли оно, чьё оно и за что выдано.",
        description_mn="Гэрчилгээний дугаараар түүнийг байгаа эсэх, хэнийх, ямар сургалтынх болохыг шалгана.",
        audience="public",
        languages=LANGUAGES,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:training-desk",
        path="desk/training/",
        view=f"{DESK}.desk",
        title_zh="培训安排",
        title_en="Sessions you hold",
        description_zh="本单位办的培训：要开的、要记出席的、办过的。",
        description_en="The sessions your office holds: those to come, those whose attendance is missing, those past.",
        audience=OFFER,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:training-new",
        path="desk/training/new/",
        view=f"{DESK}.new",
        title_zh="发布培训",
        title_en="Announce a session",
        description_zh="发布一场培训：四种语言的题目、时间、地点或链接、座位。",
        description_en="Announce a session: its title in four languages, time, place or link, seats.",
        audience=OFFER,
        posts=True,
        articles=(48, 51),
        without_api=A_FORM,
    ),
    Page(
        name="desk:training-keep",
        path="desk/training/<int:session>/",
        view=f"{DESK}.keep",
        title_zh="办一场培训",
        title_en="Hold a session",
        description_zh="谁报了名；修改、取消、记出席、发证明。",
        description_en="Who signed up; change it, cancel it, keep who attended, give certificates.",
        audience=OFFER,
        posts=True,
        articles=(48, 51),
        without_api=A_FORM,
        needs=NEEDS,
        examples=_sessions,
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="training-calendar",
        path="training.ics",
        view=f"{VIEWS}.training_ics",
        audience="public",
        languages=LANGUAGES,
    ),
    Download(
        name="training-certificate",
        path="training/certificates/<int:place>.docx",
        view=f"{VIEWS}.certificate_docx",
        audience="signed-in",
        languages=LANGUAGES,
        examples=_certified,
    ),
)
