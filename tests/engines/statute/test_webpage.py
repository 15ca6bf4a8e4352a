"""Web pages: what is masked, and that no page takes long."""

from __future__ import annotations

import time

import pytest

from bridgehead.engines.statute.webpage import masked_webpage


def shown(page: str) -> str:
    masked = masked_webpage(page)
    assert len(masked) == len(page)
    return "".join(masked.replace("\u200b", "").split())


def test_scripts_comments_and_tags_are_masked_in_place() -> None:
    page = "<HEAD><title>x</title></head ><p>灯<!-- a -- b -->会</p><script>1</script>&ldquo;&nbsp;开"
    assert shown(page) == "灯会“开"


def test_an_element_that_never_ends_hides_only_its_tag() -> None:
    assert shown("<script>灯<!-- 会<p>开</p><nav>了") == "灯会开了"


@pytest.mark.parametrize("piece", ["<head>", "<script>", "<!--", "<aaaaaaaa", " ", "</nav ", "<nav><!--"])
def test_no_page_takes_long(piece: str) -> None:
    page = "<p></p>" * 6 + piece * 30_000
    begin = time.perf_counter()
    masked_webpage(page)
    assert time.perf_counter() - begin < 2.0
