"""The mails the tests send: one as a scheduling product writes them, and the odd ones that real senders write."""

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sandbox.mail.server import Running

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000 01f15c4890000000d49444154789c63f8ffff3f0005fe02fea7356d"
    "b50000000049454e44ae426082".replace(" ", "")
)

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Scheduling//EN
METHOD:{method}
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:booking-4711@example.net
SEQUENCE:{sequence}
STATUS:CONFIRMED
DTSTAMP:20261201T120000Z
DTSTART;TZID=America/New_York:20261207T093000
DTEND;TZID=America/New_York:20261207T100000
SUMMARY:Remote session with Priya Nair
LOCATION:https://meet.example.net/4711
DESCRIPTION:Ticket 48213: printer offline.\\nMove it: https://example.net/b/4711
ORGANIZER;CN=Priya Nair:mailto:priya@northwind-it.example
ATTENDEE;CN=Sam Ortega;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:sam@contoso.example
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Reminder
TRIGGER:-PT10M
END:VALARM
END:VEVENT
END:VCALENDAR
"""

HTML = """\
<!doctype html>
<html><head><meta charset="utf-8"><style>body{font-family:sans-serif} .b{color:#1f6f54}</style></head>
<body><h1>You are booked, Sam</h1><p>Monday 7 December, 9:30 AM</p><img src="cid:logo@example" alt="Northwind IT">
<p><a class="b" href="https://example.net/b/4711?a=1&amp;b=2">Move or cancel</a></p></body></html>
"""


def calendar(*, method: str = "REQUEST", sequence: int = 0) -> bytes:
    return CALENDAR.format(method=method, sequence=sequence).replace("\n", "\r\n").encode()


def simple(
    *,
    to: str = "sam@contoso.example",
    subject: str = "Hello",
    text: str = "Hello Sam.\n",
    message_id: str = "",
    sender: str = "Priya Nair <priya@northwind-it.example>",
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime(2026, 12, 1, 12, tzinfo=UTC))
    if message_id:
        mail["Message-ID"] = message_id
    mail.set_content(text)
    return mail


def confirmation(*, to: str = "sam@contoso.example", message_id: str = "<booked-4711@example.net>") -> EmailMessage:
    """mixed( alternative( text, related( html, logo ), calendar ), invite.ics ), as careful senders nest it."""
    mail = simple(
        to=f"Sam Ortega <{to}>",
        subject="Your appointment is confirmed: Monday, 9:30 AM – café ✓",
        text="You are booked, Sam.\n\nMove or cancel: https://example.net/b/4711?a=1&b=2.\n",
        message_id=message_id,
    )
    mail.add_alternative(HTML, subtype="html")
    html = mail.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.add_related(PIXEL, maintype="image", subtype="png", cid="<logo@example>", filename="logo.png")
    mail.add_alternative(calendar(), maintype="text", subtype="calendar", params={"method": "REQUEST"})
    mail.add_attachment(calendar(), maintype="application", subtype="ics", filename="invite.ics")
    return mail


def send(catcher: Running, mail: EmailMessage | bytes, *, to: list[str] | None = None) -> None:
    """Over real SMTP, as the mail says, or to other recipients."""
    with smtplib.SMTP(catcher.host, catcher.smtp_port, timeout=10) as client:
        if isinstance(mail, bytes):
            client.sendmail("odd@sender.example", to or ["sam@contoso.example"], mail)
        else:
            client.send_message(mail, to_addrs=to)
