import base64

import pytest

from sandbox.mail.reading import decoded, read_mail
from sandbox.mail.tests.mails import PIXEL, calendar, confirmation


class TestReadMail:
    def test_finds_both_bodies_and_everything_attached_in_a_nested_mail(self) -> None:
        mail = read_mail(confirmation().as_bytes())

        assert mail.text is not None
        assert mail.text.startswith("You are booked, Sam.")
        assert mail.html is not None
        assert "<h1>You are booked, Sam</h1>" in mail.html
        assert [(part.filename, part.content_type, part.content_id) for part in mail.attachments] == [
            ("logo.png", "image/png", "logo@example"),
            ("invite.ics", "text/calendar", ""),
            ("invite.ics", "application/ics", ""),
        ]
        assert mail.attachments[0].content == PIXEL
        assert mail.attachments[2].content == calendar()

    def test_lists_links_once_in_order_without_trailing_punctuation(self) -> None:
        assert read_mail(confirmation().as_bytes()).links == ["https://example.net/b/4711?a=1&b=2"]

    def test_reads_the_words_of_html_when_there_is_no_text(self) -> None:
        raw = b"Content-Type: text/html\r\n\r\n<style>p{}</style><p>One &amp; two</p><p>three</p><script>no()</script>"

        assert read_mail(raw).plain == "One & two\nthree"

    def test_decodes_a_file_name_by_rfc_2231_in_pieces(self) -> None:
        raw = (
            b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n"
            b" filename*0*=UTF-8''%C3%9Cbersicht%20;\r\n filename*1*=M%C3%A4rz.pdf\r\n\r\nx"
        )

        assert read_mail(raw).attachments[0].filename == "Übersicht März.pdf"

    def test_decodes_a_file_name_by_rfc_2047_and_drops_its_path(self) -> None:
        word = base64.b64encode("C:\\Users\\é.pdf".encode()).decode()
        raw = f'Content-Type: application/pdf; name="=?utf-8?B?{word}?="\r\n\r\nx'.encode()

        assert read_mail(raw).attachments[0].filename == "é.pdf"

    def test_takes_a_forwarded_mail_as_one_attachment(self) -> None:
        raw = b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner text\r\n"

        [part] = read_mail(raw).attachments

        assert part.filename == "forwarded-1.eml"
        assert b"inner text" in part.content

    def test_reads_text_in_a_charset_nobody_knows(self) -> None:
        raw = b"Content-Type: text/plain; charset=martian\r\n\r\ncaf\xc3\xa9"

        assert read_mail(raw).text == "café"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00\xff\xfe",
            b"no headers at all",
            b"Content-Type: multipart/mixed\r\n\r\nno boundary",
            b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\ud800",
            b"Content-Type: text/plain; charset=idna\r\n\r\nx..y",
            b"Content-Type: text/plain; charset=base64\r\n\r\nx",
            b'Content-Type: image/"><b>\r\nContent-ID: x\r\n\r\nx',
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nnever closed",
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!",
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA",
            b"Subject: =?utf-8?B?!!!?=\r\nMessage-ID: <[broken\r\n\r\nx",
            b"Content-Disposition: attachment; filename*=bogus''%zz; filename*0=\"\r\n\r\nx",
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
        ],
    )
    def test_keeps_standing_on_hostile_input(self, raw: bytes) -> None:
        mail = read_mail(raw)

        shown = [mail.plain, *mail.links, *(part.filename + part.content_type for part in mail.attachments)]
        assert all(text.encode().decode() == text for text in shown)


class TestDecoded:
    @pytest.mark.parametrize(
        ("written", "reads"),
        [
            ("plain", "plain"),
            ("=?utf-8?q?caf=C3=A9?= au lait", "café au lait"),
            ("=?utf-8?q?caf?=\r\n =?utf-8?q?=C3=A9?=", "café"),
            ("=?iso-8859-1?Q?Andr=E9?= <a@b.example>", "André <a@b.example>"),
            ("folded\r\n line", "folded line"),
            ("=?martian?q?x?=", "x"),
            ("Grüße", "Grüße"),
        ],
    )
    def test_reads_as_a_person_would(self, written: str, reads: str) -> None:
        assert decoded(written) == reads
