"""Reading a page the way a strict visitor would: structure, labels, languages, links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bridgehead.ground.wording import has_han

CYRILLIC = ("ru", "mn")
LATIN = re.compile(r"(?<![\w.@/-])[A-Za-z]{3,}(?![\w@/-])")
QUOTED = re.compile(r"«[^»]*»|\S+://\S+|[\w-]+\.example\b")
"""What somebody typed, and addresses and names of hosts, which have no language."""
SAME_EVERYWHERE = frozenset(
    (
        *("bridgehead", "JSON", "API", "PDF", "PNG", "JPEG", "Word", "docx", "Excel", "xlsx", "CSV", "csv", "TOTP"),
        *("Atom", "UTC"),
        *("Test", "Person", "test", "body"),
    )
)
"""Words in Latin letters that stand on a page in Cyrillic as they are, and names of the people of the tests."""
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
READ_ALOUD = ("title", "aria-label", "alt", "placeholder", "content", "summary", "label")
FOR_BROWSERS = ("viewport", "color-scheme")
"""What ``meta`` says to the browser and nobody reads."""
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href", "image": "href"}


@dataclass
class Reading(HTMLParser):
    """One page that has been read: `faults` holds sentences, the rest is for tests that look further."""

    html: str
    foreign_han: bool = True
    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    lang: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, str]] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.text_of_link: list[list[str]] = []
        self.references: list[tuple[str, str]] = []
        if not self.html.lstrip().lower().startswith("<!doctype html>"):
            self.faults.append("no doctype")
        self.feed(self.html)
        self.close()
        self._finish()

    def fault(self, words: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {words}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)
        if tag not in VOID:
            lang = dict(attrs).get("lang") or (self.stack[-1][1] if self.stack else "")
            self.stack.append((tag, lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.stack or self.stack[-1][0] != tag:
            self.fault(f"</{tag}> closes {self.stack[-1][0] if self.stack else 'nothing'}")
            return
        self.stack.pop()
        if tag in ("a", "button") and not "".join(self.text_of_link.pop()).strip():
            self.fault(f"a <{tag}> without words")

    def handle_data(self, data: str) -> None:
        for words in self.text_of_link:
            words.append(data)
        if not self.stack or self.stack[-1][0] in ("script", "style"):
            return
        if self.stack[-1][0] in ("h1", "h2", "h3"):
            self.headings.append(self.stack[-1][0])
        if data.strip() in ("None", "nan", "null", "True", "False"):
            self.fault(f"{data.strip()} is a word of the program")
        self._language(data, self.stack[-1][1])

    def _language(self, words: str, lang: str) -> None:
        if self.foreign_han and self.lang != "zh-CN" and not lang.startswith("zh") and has_han(words):
            self.fault(f"Chinese outside lang=zh: {words.strip()[:60]}")
        plain = self.lang in CYRILLIC and lang == self.lang and not (self.stack and self.stack[-1][0] == "code")
        if plain and (left := set(LATIN.findall(QUOTED.sub("", words))) - SAME_EVERYWHERE):
            self.fault(f"English outside lang=en: {', '.join(sorted(left))} in {words.strip()[:60]}")

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.fault(f"<{tag}> has an attribute twice")
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang") or (self.stack[-1][1] if self.stack else "")
        if tag == "html":
            self.lang = given.get("lang", "")
        for name in READ_ALOUD:
            if name in given and given.get("name") not in FOR_BROWSERS:
                self._language(given[name], lang)
        if "style" in given:
            self.fault(f"<{tag}> carries its own style, which the policy forbids")
        for name in given:
            if name.startswith("on"):
                self.fault(f"<{tag}> carries script in {name}")
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            self.references += [(name, one) for one in given.get(name, "").split()]
        self._by_tag(tag, given)

    def _by_tag(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("a", "button"):
            words = given.get("aria-label", "") or given.get("title", "")
            self.text_of_link.append([words])
        if tag == "a" and "href" in given:
            self.links.append((given["href"], given))
        if tag == "a" and any(outer == "a" for outer, _ in self.stack):
            self.fault("a link inside a link")
        if tag == "img" and "alt" not in given:
            self.fault("a picture without words")
        if (
            tag == "svg"
            and given.get("role") == "img"
            and not (given.get("aria-label") or given.get("aria-labelledby"))
        ):
            self.fault("a drawing without a name")
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        inside = any(outer == "label" for outer, _ in self.stack)
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit") and not inside:
            self.inputs.append(given)
        if tag == "script" and "src" not in given and given.get("type") not in ("application/json", "speculationrules"):
            self.fault("script inside the page, which the policy forbids")
        if tag in FETCHED and FETCHED[tag] in given:
            self.fetched.append(given[FETCHED[tag]])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.fetched.append(given.get("href", ""))

    def _finish(self) -> None:
        if self.stack:
            self.faults.append(f"left open: {[tag for tag, _ in self.stack]}")
        ones = self.html.count("<h1")
        if ones != 1:
            self.faults.append(f"{ones} h1")
        doubled = sorted({one for one in self.ids if self.ids.count(one) > 1})
        if doubled:
            self.faults.append(f"ids twice: {doubled[:5]}")
        for given in self.inputs:
            if given.get("id") not in self.labelled and not given.get("aria-label"):
                self.faults.append(f"an input without a label: {given}")
        for name, one in self.references:
            if one not in self.ids:
                self.faults.append(f"{name} names {one!r}, which is not there")
        for address, given in self.links:
            self._link(address, given)
        for address in self.fetched:
            if not address.startswith("/") or address.startswith("//"):
                self.faults.append(f"fetched from elsewhere: {address}")

    def _link(self, address: str, given: dict[str, str]) -> None:
        if address.startswith(("http://", "https://")):
            if "noreferrer" not in given.get("rel", ""):
                self.faults.append(f"a link to elsewhere without rel=noreferrer: {address}")
        elif address.startswith("#"):
            if address[1:] not in self.ids and address != "#":
                self.faults.append(f"link to {address}, which is not on the page")
            if address == "#":
                self.faults.append("a link to nowhere")
        elif not address.startswith(("/", "?")) or address.startswith("//"):
            self.faults.append(f"a link of an unknown kind: {address}")

    @property
    def inside(self) -> set[str]:
        """Addresses on this site the page links to."""
        return {address for address, _ in self.links if address.startswith("/")}
