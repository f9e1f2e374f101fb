"""From the bytes of a mail to plain values, for any mail at all: the undecodable is shown as well as it can be."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from mimetypes import guess_extension

URL = re.compile(r"https?://[^\s<>\"'\]]+")
MIME_TYPE = re.compile(r"[a-z0-9.+_-]+/[a-z0-9.+_-]+\Z")
TRAILING_PUNCTUATION = ".,;:!?)"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the shown text or HTML. `content_id` is bare (no angle brackets), empty when there is none."""

    index: int
    filename: str
    content_type: str
    content_id: str
    is_inline: bool
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def is_calendar(self) -> bool:
        return self.content_type == "text/calendar" or self.filename.lower().endswith(".ics")


@dataclass(frozen=True)
class Mail:
    """
    A mail, decoded. `text` and `html` are None where the mail has no such body; `headers` keep their order and repeats.
    `defect` says in words why the body could not be read; the source is then all there is.
    """

    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str | None = None
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    defect: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @cached_property
    def plain(self) -> str:
        """The text body, or the words of the HTML where there is none."""
        if self.text is not None:
            return self.text
        return _words_of(self.html) if self.html is not None else ""

    @cached_property
    def links(self) -> list[str]:
        """Every web address in the mail, in order, once: what the HTML links to, then what the text spells out."""
        found = _targets_of(self.html) if self.html is not None else []
        found += [match.group().rstrip(TRAILING_PUNCTUATION) for match in URL.finditer(self.text or "")]
        return list(dict.fromkeys(found))


def read_mail(raw: bytes) -> Mail:
    """Decode a mail. Never raises: hostile nesting and the like give a Mail with a `defect`."""
    try:
        return _read(email.message_from_bytes(raw))
    except Exception as error:  # noqa: BLE001 - a catcher keeps whatever it was sent, so no mail may stop it
        return Mail(defect=f"This message could not be decoded ({type(error).__name__}). Its source is complete.")


def _read(message: Message) -> Mail:
    text: str | None = None
    html: str | None = None
    attachments: list[Attachment] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        is_body = part.get_content_disposition() != "attachment" and not _filename(part)
        if is_body and kind == "text/plain" and text is None:
            text = _decoded_text(part)
        elif is_body and kind == "text/html" and html is None:
            html = _decoded_text(part)
        else:
            attachments.append(_attachment(part, index=len(attachments)))
    headers = [(name, decoded(value)) for name, value in message.raw_items()]
    return Mail(headers=headers, text=text, html=html, attachments=attachments)


def _leaves(message: Message) -> Iterator[Message]:
    """Parts without parts of their own; a forwarded mail counts as one part, not as its contents."""
    children = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(children, list):
        for child in children:
            if isinstance(child, Message):
                yield from _leaves(child)
    else:
        yield message


def decoded(value: object) -> str:
    """A header as a reader sees it: unfolded, RFC 2047 words decoded, raw 8-bit taken as UTF-8."""
    line = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    line = re.sub(r"\r?\n(?=[ \t])", "", line).replace("\r", " ").replace("\n", " ").strip()
    try:
        chunks = decode_header(line)
    except (ValueError, LookupError):  # ValueError: base64 that is none
        return line
    return "".join(_in_charset(chunk, charset) if isinstance(chunk, bytes) else chunk for chunk, charset in chunks)


def _in_charset(content: bytes, charset: str | None) -> str:
    # decode_header hands back undecoded stretches as raw-unicode-escape bytes.
    if charset is None:
        charset = "raw-unicode-escape"
    try:
        text = content.decode(charset, "replace")
    except (LookupError, ValueError):  # unknown to us, or not a charset of text
        text = content.decode("utf-8", "replace")
    # Some charsets can spell half characters, which no database or page takes.
    return text.encode("utf-8", "replace").decode()


def _decoded_text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return _in_charset(content, str(part.get_content_charset() or "utf-8")).replace("\r\n", "\n")


def _filename(part: Message) -> str:
    """The part's own name (RFC 2231, or RFC 2047 as many senders do), without any path; "" when it has none."""
    name = part.get_param("filename", None, "content-disposition")
    if name is None:
        name = part.get_param("name", None)
    if name is None:
        return ""
    plain = collapse_rfc2231_value(name)
    return re.sub(r"[\x00-\x1f\x7f]", "", decoded(plain)).replace("\\", "/").rsplit("/", 1)[-1].strip()


def _attachment(part: Message, *, index: int) -> Attachment:
    kind = part.get_content_type() if MIME_TYPE.match(part.get_content_type()) else "application/octet-stream"
    if kind.startswith("message/"):
        inner = part.get_payload()
        content = inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    else:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
    return Attachment(
        index=index,
        filename=_filename(part) or _invented_name(kind, index),
        content_type=kind,
        content_id=decoded(part.get("Content-ID", "")).strip("<>"),
        is_inline=part.get_content_disposition() == "inline" or "Content-ID" in part,
        content=content,
    )


def _invented_name(kind: str, index: int) -> str:
    if kind == "text/calendar":
        return "invite.ics"
    if kind == "message/rfc822":
        return f"forwarded-{index + 1}.eml"
    return f"part-{index + 1}{guess_extension(kind) or '.bin'}"


class _Words(HTMLParser):
    """Collects the words a reader would see, and the addresses that links point to."""

    UNSEEN = frozenset({"head", "style", "script", "title", "template"})
    BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.targets: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.UNSEEN:
            self._unseen.append(tag)
        if tag in self.BREAKS:
            self.words.append("\n")
        if tag in ("a", "area"):
            target = (dict(attrs).get("href") or "").strip()
            if target.lower().startswith(("http://", "https://")):
                self.targets.append(target)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


def _parsed(html: str) -> _Words:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return parser


def _words_of(html: str) -> str:
    lines = (" ".join(line.split()) for line in "".join(_parsed(html).words).split("\n"))
    return unescape("\n".join(line for line in lines if line))


def _targets_of(html: str) -> list[str]:
    return _parsed(html).targets
