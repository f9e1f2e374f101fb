"""Reading which website is meant."""

from __future__ import annotations

import re

import pytest

from slotdesk.lib.origins import BadOrigin, read_origin


class TestReadOrigin:
    @pytest.mark.parametrize(
        ("text", "origin"),
        [
            ("https://www.example.com", "https://www.example.com"),
            ("HTTPS://WWW.Example.com/", "https://www.example.com"),
            ("https://example.com:443", "https://example.com"),
            ("https://example.com:", "https://example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("https://*.example.com", "https://*.example.com"),
            ("https://*.shop.example.com:8443/", "https://*.shop.example.com:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://intranet", "https://intranet"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("http://shop.localhost", "http://shop.localhost"),
        ],
    )
    def test_returns_what_browsers_compare(self, text: str, origin: str) -> None:
        assert read_origin(text) == origin

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("www.example.com", "begin with https://"),
            ("//www.example.com", "begin with https://"),
            ("ftp://example.com", "begin with https://"),
            ("*", "begin with https://"),
            ("'self'", "begin with https://"),
            ("https://", "begin with https://"),
            ("http://www.example.com", "write https://www.example.com."),
            ("http://localhost.example.com", "only https:// is possible"),
            ("https://example.com/contact", "as a whole: https://example.com."),
            ("https://example.com/?a=b", "as a whole: https://example.com."),
            ("https://example.com#top", "as a whole: https://example.com."),
            ("https://example.com https://other.example", "one website a line"),
            ("https://example.com;script-src", "is no name of a website"),
            ("https://example.com,https://other.example", "is no"),
            ("https://-example.com", "is no name of a website"),
            ("https://exam_ple.com", "is no name of a website"),
            ("https://example..com", "is no name of a website"),
            ("https://user:secret@example.com", "before the @"),
            ("https://*", "a star stands for subdomains"),
            ("https://www.*.com", "a star stands for subdomains"),
            ("https://*example.com", "a star stands for subdomains"),
            ("https://*.com", "half of the internet"),
            ("https://example.com:0", "the port must be"),
            ("https://example.com:99999", "this is no address"),
            ("https://example.com:*", "this is no address"),
            ("https://[::1", "this is no address"),
            (f"https://{'a' * 300}.example", "one website a line"),
        ],
    )
    def test_says_what_to_write_instead(self, text: str, why: str) -> None:
        with pytest.raises(BadOrigin, match=re.escape(why)):
            read_origin(text)
