"""The parts of the editor of a type: which setting stands where, with which advice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Group:
    """
    Settings that belong together.

    tip         the practice that works best, for whoever sets this up for the first time
    is_paired   each amount stands beside its unit
    part        the template of what is more than fields, in staff/types/
    rows        the list, by its prefix in the form, that stands there
    wide        fields that take the whole width
    """

    title: str
    text: str
    fields: tuple[str, ...] = ()
    tip: str = ""
    is_paired: bool = False
    part: str = ""
    rows: str = ""
    wide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    groups: tuple[Group, ...]

    def holds(self, field: str) -> bool:
        return any(field in group.fields or field == group.rows for group in self.groups)


LABEL_PREFIX, TEMPLATE_PREFIX = "label_", "template_"


def sections(label_fields: tuple[str, ...], template_fields: tuple[str, ...]) -> tuple[Section, ...]:
    """Return the editor's sections, with the fields of the form's texts and of the e-mails that there are."""
    return (
        Section(
            "overview",
            gettext("Overview"),
            (
                Group(
                    gettext("Names"),
                    gettext("What your people pick in the ticket, and what the client reads."),
                    ("internal_name", "external_name", "slug", "description"),
                    wide=("description",),
                ),
                Group(
                    gettext("Length and place"),
                    gettext("How long it takes, and where."),
                    ("duration", "place"),
                ),
                Group(
                    gettext("Scheduling links"),
                    gettext(
                        "Ready to pass on. Those for a ticket go into the e-mails of your PSA, "
                        "which puts the number in."
                    ),
                    part="_links.html",
                ),
            ),
        ),
        Section(
            "scheduling",
            gettext("Scheduling & Availability"),
            (
                Group(
                    gettext("Best contact number"),
                    gettext("Whether the client is asked for a phone number."),
                    ("phone_rule",),
                    gettext("Required for phone calls and on-site visits; off for online meetings, where it confuses."),
                ),
                Group(
                    gettext("Who can be asked"),
                    gettext("The people and teams that can be picked with this type."),
                    ("resources",),
                    wide=("resources",),
                ),
                Group(
                    gettext("Online meeting"),
                    gettext(
                        "A link for the client: on the page of the appointment, in its e-mails and in the calendar."
                    ),
                    ("meeting", "meeting_url"),
                    wide=("meeting_url",),
                ),
            ),
        ),
        Section(
            "options",
            gettext("Scheduling Options"),
            (
                Group(
                    gettext("Buffer Times"),
                    gettext("Time that stays free around the appointment, for preparation, wrap-up or travel."),
                    ("buffer_before", "buffer_after", "writes_buffers", "keeps_buffers_in_hours"),
                    gettext(
                        "At least 15 minutes between remote sessions; longer for on-site visits and back-to-back "
                        "meetings. Where it is for travel, have it written into the calendar."
                    ),
                    wide=("writes_buffers", "keeps_buffers_in_hours"),
                ),
                Group(
                    gettext("Scheduling Availability"),
                    gettext("Nobody books in the next few minutes, nor in a year’s time."),
                    ("notice_amount", "notice_unit", "window_amount", "window_unit", "increment", "daily_maximum"),
                    gettext(
                        "Business hours and business days count the person’s own working time, so “4 business hours” "
                        "asked on a Friday evening reach into Monday."
                    ),
                    is_paired=True,
                ),
                Group(
                    gettext("Rescheduling & Booking Rules"),
                    gettext(
                        "Whether clients may move and cancel what they booked, from the page and the e-mail of their "
                        "appointment."
                    ),
                    ("clients_may_change", "change_notice_amount", "change_notice_unit", "moved_to"),
                    gettext(
                        "On for phone calls and remote sessions: clients help themselves, and you save the work. Off "
                        "for on-site visits, which are planned around travel."
                    ),
                    is_paired=True,
                    wide=("clients_may_change", "moved_to"),
                ),
                Group(
                    gettext("Closed tickets"),
                    gettext("What becomes of it when its ticket is closed in the PSA."),
                    ("ends_with_ticket",),
                    wide=("ends_with_ticket",),
                ),
                Group(
                    gettext("No-Response Deadline"),
                    gettext("When the client has not booked by then, the ticket takes its “No response” status."),
                    ("no_response_amount", "no_response_unit", "no_response_closes"),
                    gettext(
                        "3 or 4 days at least; longer for sales than for a help desk. Let the reminders come before. "
                        "Switch off auto-close rules of your PSA that would do the same."
                    ),
                    is_paired=True,
                    wide=("no_response_closes",),
                ),
            ),
        ),
        Section(
            "additional",
            gettext("Additional Settings"),
            (
                Group(
                    gettext("Reminders"),
                    gettext(
                        "For clients who were sent an invitation from the ticket and have not picked a time. They end "
                        "when the client books, or the request is cancelled or closed."
                    ),
                    rows="reminders",
                ),
                Group(
                    gettext("Appointment reminders"),
                    gettext("For clients who have booked, before it starts. Their calendar reminds them as well."),
                    rows="appointment_reminders",
                ),
                Group(
                    gettext("Shareable URLs"),
                    gettext("Links by which anybody books without a ticket."),
                    ("shareable", "checks_email", "redirect_url"),
                    gettext(
                        "Make a type of its own for them, so that the right kind of ticket or activity is created."
                    ),
                    wide=("shareable", "checks_email", "redirect_url"),
                ),
                Group(
                    gettext("New contact handling"),
                    gettext(
                        "Who may book by a shareable link, and what becomes of clients whom your PSA does not know."
                    ),
                    ("new_contacts", "company_type_id", "company_status_id", "catch_all_company_id"),
                    wide=("new_contacts", "catch_all_company_id"),
                ),
                Group(
                    gettext("What a booking creates"),
                    gettext("For shareable links: of a ticket its board, type and priority, of an activity its type."),
                    ("board_id", "ticket_type_id", "priority_id", "activity_type_id", "ticket_summary"),
                    wide=("ticket_summary",),
                ),
                Group(
                    gettext("E-mail templates"),
                    gettext("The e-mails of this type, each built-in or one of your own."),
                    ("is_silent", *template_fields),
                    wide=("is_silent",),
                ),
            ),
        ),
        Section(
            "fields",
            gettext("Fields"),
            (
                Group(
                    gettext("Questions"),
                    gettext(
                        "What the client is asked besides name and number. Answers are shown on the request, can be "
                        "used in e-mails and workflows, and are written on the ticket if you like."
                    ),
                    rows="questions",
                ),
                Group(
                    gettext("Message and guests"),
                    gettext("What else the form offers."),
                    ("asks_note", "asks_guests"),
                    wide=("asks_note", "asks_guests"),
                ),
                Group(
                    gettext("Labels"),
                    gettext("The texts of the form in your own words. Empty: ours, which the field shows."),
                    label_fields,
                ),
            ),
        ),
        Section(
            "workflow",
            gettext("Workflow"),
            (
                Group(
                    gettext("What happens"),
                    gettext(
                        "What follows from what. It is made from the settings in the other sections, as they are saved."
                    ),
                    part="_workflow.html",
                ),
            ),
        ),
    )
