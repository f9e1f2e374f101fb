"""What is wrong with a page that a browser shows: for readers, for fingers, for narrow screens, in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Frame, Page, Response

SCREENS: dict[str, dict[str, Any]] = {
    "light desktop": {"color_scheme": "light"},
    # A screen of 1280 by 1024 at 400 %: as narrow as the narrowest phone, and with little height.
    "in the dark and four times as large": {"color_scheme": "dark", "viewport": {"width": 320, "height": 256}},
}
# The rules of WCAG 2.2, such as the one for small targets, run only where they are asked for.
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _TAGS}}
# Everything that is read or read out, but for names, initials and addresses: what is isolated, where one can write or
# call, and what languages call themselves.
_SAID = """
() => {
  const own = "bdi, .faces, .portrait, .mark, a[href^='mailto:'], a[href^='tel:'], [lang]:not(html), script, style";
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest(own)) said.push(walk.currentNode.nodeValue);
  }
  for (const name of ["aria-label", "alt", "title", "placeholder", "data-busy", "data-say", "data-taken"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(own)) said.push(element.getAttribute(name));
    }
  }
  return said;
}
"""
_LATIN = re.compile(r"[A-Za-z]{2,}")


# Loaded with all its parts, and where it shows times, those on the browser's own clock.
_SETTLED = """
() => {
  if (document.readyState !== "complete") return false;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const month = document.querySelector("[data-guess] .month");
  const guess = document.querySelector("[data-guess]:not([data-guess=''])");
  return (!month || month.dataset.zone === own) && (!guess || guess.dataset.guess === own);
}
"""
_MAKE = """
() => [...new Set([...document.querySelectorAll("*")].map((one) => [
  one.parentElement?.className, one.tagName, ...[...one.attributes].map(({ name, value }) =>
    ["class", "role", "type", "lang"].includes(name) || name.startsWith("aria-") && value.length < 6 ? value : name),
].join()))].sort().join(";")
"""


def settle(page: Page | Frame) -> None:
    """Wait until the page has nothing more to do."""
    page.wait_for_function(_SETTLED)


def make_of(page: Page) -> str:
    """Equal for two pages of the same parts, whatever they say."""
    return str(page.evaluate(_MAKE))


def what_is_wrong(page: Page | Frame) -> list[str]:
    """What axe-core finds, and whether the page is wider than the screen."""
    settle(page)
    found = what_axe_finds(page)
    return [*found, "It scrolls sideways."] if is_too_wide(page) else found


def what_axe_finds(page: Page | Frame) -> list[str]:
    violations = Axe().run(page, options=_OPTIONS).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in violations for node in item["nodes"]]


def is_too_wide(page: Page | Frame) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def latin_words(page: Page, *, without: Iterable[str]) -> list[str]:
    """Words in Latin letters on a page in another script. without: names, which stay as they are."""
    found = []
    for text in page.evaluate(_SAID):
        for name in without:
            text = text.replace(name, "")
        found += _LATIN.findall(text)
    return found


@contextmanager
def troubles_of(page: Page) -> Iterator[list[str]]:
    """Collect what goes wrong behind the page: errors of scripts, what the policy forbids, parts that are missing."""
    found: list[str] = []

    def told(message: ConsoleMessage) -> None:
        # A page with an honest status such as 404 is no error; missing parts are noticed below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            found.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            found.append(f"{response.status} {response.url}")

    page.on("console", told)
    page.on("response", answered)
    yield found
    page.remove_listener("console", told)
    page.remove_listener("response", answered)
