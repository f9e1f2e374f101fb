"""The HTML of a mail as a page of its own, to be framed without scripts, our origin, or remote images."""

import base64
import re
from html.parser import HTMLParser
from urllib.parse import quote

from sandbox.mail.reading import Mail

REMOTE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
STYLE_URL = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^)'\"\s]+)", re.IGNORECASE)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
DOCTYPE = re.compile(r"^\s*<!doctype[^>]*>", re.IGNORECASE)


def policy(*, remote_images: bool) -> str:
    """
    The Content-Security-Policy of a framed mail.

    `sandbox` without allow-same-origin gives it an origin of its own even when it is opened outside our frame.
    """
    images = "data: https: http:" if remote_images else "data:"
    return (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {images}; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


def page_of(mail: Mail) -> str:
    """The mail's HTML with its attached pictures in place and every link opening in a new tab."""
    page = mail.html or ""
    for part in mail.attachments:
        if part.content_id and part.content_type.startswith("image/"):
            address = f"data:{part.content_type};base64,{base64.b64encode(part.content).decode()}"
            for name in {part.content_id, quote(part.content_id)}:
                page = page.replace(f"cid:{name}", address)
    start = HEAD.search(page) or DOCTYPE.search(page)
    # After the doctype, never before it: a mail must not be drawn in quirks mode because of us.
    cut = start.end() if start else 0
    return f'{page[:cut]}<base target="_blank">{page[cut:]}'


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.remote: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        candidates = [values.get("background", ""), values.get("poster", "")]
        if tag in ("img", "source", "input"):
            candidates += [values.get("src", ""), *(item.strip() for item in values.get("srcset", "").split(","))]
        self.remote.update(item for item in candidates if REMOTE.match(item))
        self.remote.update(STYLE_URL.findall(values.get("style", "")))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.remote.update(STYLE_URL.findall(data))


def count_remote_images(html: str) -> int:
    """How many different pictures the HTML would fetch from elsewhere."""
    parser = _Images()
    parser.feed(html)
    parser.close()
    return len(parser.remote)
