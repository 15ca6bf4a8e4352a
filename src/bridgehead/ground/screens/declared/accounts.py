"""Signing in and out, one's own account, the first administrator."""

from bridgehead.ground.pages import Page

_VIEWS = "bridgehead.ground.screens.views"
A_FORM = "a form; what it changes is an action"

PAGES = (
    Page(
        name="ground:sign-in",
        path="sign-in/",
        view=f"{_VIEWS}.signing_in.sign_in",
        title_zh="登录",
        title_en="Sign in",
        description_zh="用登录名和密码登录，之后回到原来的页面。",
        description_en="Sign in by login and password, and go on where you were.",
        audience="public",
        posts=True,
        without_api=A_FORM,
    ),
)
