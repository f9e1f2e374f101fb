"""Account settings and branding: what is saved, what clients then see, and what is refused."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from slotdesk.domain.booking.models import SchedulingRequest
from slotdesk.domain.events.models import Event
from slotdesk.domain.messages.examples import examples_for
from slotdesk.domain.messages.templates import Kind, render
from slotdesk.domain.profile.models import Logo, Profile
from slotdesk.domain.profile.queries import brand_of_mail, get_profile
from slotdesk.domain.tenants.models import Account
from slotdesk.domain.tenants.scope import active
from tests.support.factories import NOW, make_account
from tests.support.members import text_of

SignIn = Callable[[str], Client]
ACCOUNT, BRANDING = "/app/settings/account/", "/app/settings/branding/"
ENTERED = {
    "name": "Summit IT",
    "country": "DE",
    "zone": "Europe/Berlin",
    "language": "en",
    "support_email": "hilfe@summit.example",
    "support_phone": "+49 30 123456",
    "help_url": "https://summit.example/review",
    "most_open_bookings": "2",
}
BRAND = {
    "color": "#ffee00",
    "greeting": "Hello & welcome",
    "footer": "Summit IT, Berlin",
    "privacy_url": "https://summit.example/privacy",
}
HEADER = {"has_header": "on", "header_color": "#003366"}
CONTRAST = f"{BRANDING}header-contrast/"

pytestmark = pytest.mark.django_db(transaction=True)


def png(color: str = "#1f5eff", *, around: int = 0) -> SimpleUploadedFile:
    """A plain logo, with so many transparent pixels around."""
    written = io.BytesIO()
    picture = Image.new("RGBA", (200, 50))
    picture.paste(color, (around, around, 200 - around, 50 - around))
    picture.save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


class TestAccount:
    def test_is_saved_and_told_with_what_was_before(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("administrator").post(ACCOUNT, ENTERED).status_code == 302

        account.refresh_from_db()
        assert (account.name, account.country, account.zone) == ("Summit IT", "DE", "Europe/Berlin")
        changes = Event.objects.get(kind="account.changed").changes
        assert changes["zone"] == ["America/New_York", "Europe/Berlin"]
        assert changes["help_url"] == ["", "https://summit.example/review"]
        assert changes["most_open_bookings"] == [5, 2]
        assert "brand_color" not in changes

    def test_shows_its_help_link_to_everybody(self, account: Account, sign_in: SignIn) -> None:
        sign_in("administrator").post(ACCOUNT, ENTERED)

        assert 'href="https://summit.example/review"' in text_of(sign_in("user").get("/app/requests/"))

    @pytest.mark.parametrize(
        ("changed", "label"),
        [
            ({"name": ""}, "Name"),
            ({"country": "XX"}, "Country"),
            ({"zone": "Mars/Base"}, "Time zone"),
            ({"language": "tlh"}, "Language"),
            ({"support_email": "help"}, "Support e-mail"),
            ({"help_url": "javascript:alert(1)"}, "Help for your own people"),
            ({"most_open_bookings": "-1"}, "Most appointments to come per client"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_saves_nothing(
        self, account: Account, sign_in: SignIn, changed: dict[str, str], label: str
    ) -> None:
        answer = sign_in("administrator").post(ACCOUNT, ENTERED | changed)

        account.refresh_from_db()
        assert answer.status_code == 422
        assert f'<a href="#id_{next(iter(changed))}">{label}</a>' in text_of(answer)
        assert account.country == "US"

    def test_leaves_alone_what_the_page_does_not_show(self, account: Account, sign_in: SignIn) -> None:
        Profile.objects.create(account=account, greeting="Hello", logo_digest="abc")
        Account.objects.update(second_factor="everybody", brand_color="#123456")

        sign_in("finance").post(ACCOUNT, ENTERED)

        account.refresh_from_db()
        profile = Profile.objects.get()
        assert (account.second_factor, account.brand_color) == ("everybody", "#123456")
        assert (profile.greeting, profile.logo_digest) == ("Hello", "abc")

    @pytest.mark.parametrize("role", ["dispatcher", "user"])
    def test_is_for_whoever_may(self, account: Account, sign_in: SignIn, role: str) -> None:
        assert sign_in(role).get(ACCOUNT).status_code == 403
        assert sign_in(role).post(ACCOUNT, ENTERED).status_code == 403


class TestBrand:
    def test_is_on_the_clients_page(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        sign_in("administrator").post(BRANDING, BRAND)

        page = text_of(Client().get(f"/schedule/{request_.token}/"))

        assert "Hello &amp; welcome" in page
        assert "Summit IT, Berlin" in page
        assert 'href="https://summit.example/privacy"' in page
        assert "?ffee00" in page

    def test_is_told_with_what_was_before(self, account: Account, sign_in: SignIn) -> None:
        sign_in("administrator").post(BRANDING, BRAND)

        changes = Event.objects.get(kind="brand.changed").changes
        assert changes["brand_color"] == ["#1f5eff", "#ffee00"]
        assert changes["greeting"] == ["", "Hello & welcome"]

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"color": "red"}, "such as #1f5eff"),
            ({"greeting": "x" * 301}, "at most 300"),
            ({"privacy_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_keeps_what_was_typed(
        self, account: Account, sign_in: SignIn, changed: dict[str, str], words: str
    ) -> None:
        answer = sign_in("administrator").post(BRANDING, BRAND | changed)

        page = text_of(answer)
        assert answer.status_code == 422
        assert words in page
        assert "Summit IT, Berlin" in page
        assert not Profile.objects.exists()

    def test_says_how_well_a_colour_is_read(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        pale = text_of(browser.get(f"{BRANDING}contrast/", {"color": "#ffee00"}))
        strong = text_of(browser.get(f"{BRANDING}contrast/", {"color": "#003366"}))

        assert "Black text on this colour has a contrast of" in pale
        assert "Text needs 4.5 : 1; large text (from 24 pixels, bold from 19) needs 3 : 1" in pale
        assert "made darker by itself" in pale
        assert "White text on this colour has a contrast of 12.6 : 1" in strong
        assert "as it is" in strong

    def test_is_previewed_without_being_saved(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        page = text_of(browser.get(f"{BRANDING}preview/", BRAND))
        mail = text_of(browser.get(f"{BRANDING}preview/mail/", BRAND))

        assert "Hello &amp; welcome" in page
        assert "colors.css?color=ffee00" in page
        assert "#ffee00" in mail
        assert "Summit IT, Berlin" in mail
        assert not Profile.objects.exists()

    def test_is_for_whoever_may(self, account: Account, sign_in: SignIn) -> None:
        assert sign_in("dispatcher").get(BRANDING).status_code == 403
        assert sign_in("dispatcher").post(f"{BRANDING}logo/", {"logo": png()}).status_code == 403


class TestHeader:
    def test_is_on_the_clients_page_by_a_new_address_of_its_style_sheet(
        self, request_: SchedulingRequest, sign_in: SignIn
    ) -> None:
        before = text_of(Client().get(f"/schedule/{request_.token}/"))
        sign_in("administrator").post(BRANDING, BRAND | HEADER)

        page = text_of(Client().get(f"/schedule/{request_.token}/"))

        assert 'class="band"' not in before
        assert 'class="band"' in page
        sheet = re.search(r'href="(/brand/[^"]+\.css\?ffee00003366)"', page)
        assert sheet
        assert ":root{--header:#003366;--on-header:#ffffff}" in text_of(Client().get(sheet[1]))

    def test_is_told_with_what_was_before(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(BRANDING, BRAND | HEADER)
        browser.post(BRANDING, BRAND | {"header_color": "#003366"})

        first, second = Event.objects.filter(kind="brand.changed").order_by("id")
        assert first.changes["header_color"] == ["", "#003366"]
        assert second.changes == {"header_color": ["#003366", ""]}

    def test_stays_when_other_settings_are_saved(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(BRANDING, BRAND | HEADER)

        browser.post(ACCOUNT, ENTERED)

        assert Profile.objects.get().header_color == "#003366"

    def test_that_is_no_colour_is_refused(self, account: Account, sign_in: SignIn) -> None:
        answer = sign_in("administrator").post(BRANDING, BRAND | HEADER | {"header_color": "red;}"})

        assert answer.status_code == 422
        assert '<a href="#id_header_color">Header colour</a>' in text_of(answer)
        assert not Profile.objects.exists()

    def test_is_previewed_without_being_saved(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        page = text_of(browser.get(f"{BRANDING}preview/", BRAND | HEADER))
        mail = text_of(browser.get(f"{BRANDING}preview/mail/", BRAND | HEADER))
        plain = text_of(browser.get(f"{BRANDING}preview/mail/", BRAND | {"header_color": "#003366"}))

        assert 'class="band"' in page
        sheet = re.search(r'href="([^"]+colors\.css[^"]+)"', page)
        assert sheet
        assert "--header:#003366" in text_of(browser.get(html.unescape(sheet[1])))
        assert 'bgcolor="#003366"' in mail
        assert "003366" not in plain
        assert not Profile.objects.exists()

    def test_keeps_its_colour_in_mails_on_dark_devices(self, account: Account) -> None:
        profile = Profile(account=account, header_color="#f2e8d0")
        brand = brand_of_mail(account, profile, public_url="https://book.example")

        mail = render(Kind.CONFIRMATION, examples_for(account, Kind.CONFIRMATION, now=NOW) | {"brand": brand}).html

        dark = mail.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
        assert brand["header"] == {"color": "#f2e8d0", "ink": "#000000"}
        # The rule for the band comes after that for heads without one.
        assert dark.index(".head,") < dark.index(".band { color: #000000 !important; }")

    def test_says_how_well_it_is_read(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")

        strong = text_of(browser.get(CONTRAST, HEADER))
        none = text_of(browser.get(CONTRAST, {"header_color": "#003366"}))

        assert "White text on this header has a contrast of 12.6 : 1" in strong
        assert "logo" not in strong.lower()
        assert "on the page itself" in none

    @pytest.mark.parametrize(
        ("logo", "entered", "words"),
        [
            (png("#0a2a4a", around=5), HEADER, "Your logo may vanish on it"),
            (png("#ffffff", around=5), HEADER, "Your logo stands out from it"),
            (png("#0a2a4a"), HEADER, "Your logo stands out from it"),
            (png("#ffffff", around=5), {}, "Your logo may vanish on light pages"),
            (png("#0a1a2a", around=5), {}, "Your logo may vanish on dark pages"),
        ],
        ids=["dark on dark", "white on dark", "on a ground of its own", "white on no header", "dark on no header"],
    )
    def test_says_where_the_logo_may_vanish(
        self, account: Account, sign_in: SignIn, logo: SimpleUploadedFile, entered: dict[str, str], words: str
    ) -> None:
        browser = sign_in("administrator")
        browser.post(f"{BRANDING}logo/", {"logo": logo})

        assert words in text_of(browser.get(CONTRAST, entered))


class TestLogo:
    def test_is_shown_to_clients_and_in_mails(self, request_: SchedulingRequest, sign_in: SignIn) -> None:
        sign_in("administrator").post(f"{BRANDING}logo/", {"logo": png()})

        page = text_of(Client().get(f"/schedule/{request_.token}/"))
        found = re.search(r'src="(/brand/[^"]+\.png)"', page)
        assert found
        answer = Client().get(found[1])
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
        account = request_.account
        logo = brand_of_mail(account, get_profile(account), public_url="https://book.example")["logo"]
        assert logo == {"url": f"https://book.example{found[1]}", "width": 160, "height": 40}

    def test_is_removed(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(f"{BRANDING}logo/", {"logo": png()})

        browser.post(f"{BRANDING}logo/", {"remove": "yes"})

        assert not Logo.objects.exists()
        assert Profile.objects.get().logo_digest == ""
        assert Event.objects.filter(kind="brand.logo_changed").count() == 2

    def test_that_is_no_picture_is_refused_and_the_old_one_stays(self, account: Account, sign_in: SignIn) -> None:
        browser = sign_in("administrator")
        browser.post(f"{BRANDING}logo/", {"logo": png()})
        before = Profile.objects.get().logo_digest

        svg = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png")
        page = text_of(browser.post(f"{BRANDING}logo/", {"logo": svg}, follow=True))

        assert "not a PNG, JPEG or WebP" in page
        assert Profile.objects.get().logo_digest == before

    def test_of_one_account_is_not_at_anothers_address(self, account: Account, sign_in: SignIn) -> None:
        sign_in("administrator").post(f"{BRANDING}logo/", {"logo": png()})
        digest, other = Profile.objects.get().logo_digest, make_account("Another MSP")
        with active(other):
            Profile.objects.create(account=other)

        assert Client().get(f"/brand/{other.public_id}/{digest}.png").status_code == 404
        assert Client().get(f"/brand/{account.public_id}/{'0' * 16}.png").status_code == 404
