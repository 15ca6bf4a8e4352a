"""The page of the doctor."""

from bridgehead.ground.pages import Page

PAGES = (
    Page(
        name="ground:doctor",
        path="doctor/",
        view="bridgehead.ground.screens.views.doctor.doctor",
        title_zh="体检",
        title_en="Doctor",
        description_zh="数据库、日志、时钟、磁盘、密钥、文件、任务和备份是不是都好，哪里不好该怎么办。",
        description_en="Whether database, journal, clock, disk, key, files, tasks and backup are well, and what to do.",
        audience="doctor.read",
        nav=90,
        api="/doctor",
    ),
)
