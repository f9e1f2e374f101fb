"""
What we use of the vendor's objects, named as the vendor names them.

Unknown fields are passed over. A field sent as null counts as left out, since builds differ in which they do.
"""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, values: Any) -> Any:
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if value is not None}
        return values


class Ref(Model):
    """A reference to another object."""

    id: int
    name: str = ""
    identifier: str = ""


class Stored(Model):
    """An object with an id, which is all that paging needs."""

    id: int


class CompanyInfo(Model):
    """The discovery document; its names are capitalised."""

    model_config = ConfigDict(alias_generator=None)

    company_name: str = Field(default="", alias="CompanyName")
    codebase: str = Field(alias="Codebase", pattern=r"^[A-Za-z0-9_.]+/$")
    version: str = Field(default="", alias="VersionCode")


class ErrorItem(Model):
    message: str = ""


class ErrorBody(Model):
    code: str = ""
    message: str = ""
    errors: list[ErrorItem] = []


LONGEST_SUMMARY = 100


class Ticket(Stored):
    summary: str = ""
    board: Ref
    status: Ref
    company: Ref | None = None
    contact: Ref | None = None
    contact_name: str = ""
    contact_phone_number: str = ""
    contact_email_address: str = ""
    priority: Ref | None = None
    type: Ref | None = None
    owner: Ref | None = None
    closed_flag: bool = False


class BoardType(Stored):
    name: str
    inactive_flag: bool = False


class Priority(Stored):
    name: str
    sort_order: int = 0


class Board(Stored):
    name: str
    inactive_flag: bool = False
    project_flag: bool = False


class BoardStatus(Stored):
    name: str
    sort_order: int = 0
    inactive: bool = False
    closed_status: bool = False


class BoardTeam(Stored):
    name: str
    members: list[int] = []


class ProjectBoardTeam(Stored):
    name: str


class ProjectBoardTeamMember(Stored):
    member: Ref


class CommunicationItem(Model):
    id: int = 0
    value: str = ""
    default_flag: bool = False
    communication_type: str = ""
    extension: str = ""


class Contact(Stored):
    first_name: str = ""
    last_name: str = ""
    company: Ref | None = None
    default_phone_nbr: str = ""
    communication_items: list[CommunicationItem] = []


class CommunicationType(Stored):
    """A way to reach somebody, such as "Direct" or "Email"."""

    description: str = ""
    phone_flag: bool = False
    email_flag: bool = False
    default_flag: bool = False


class Communication(Stored):
    """A communication item as an object of its own."""

    value: str = ""


class Company(Stored):
    name: str = ""
    deleted_flag: bool = False


class CompanyType(Stored):
    name: str


class CompanyStatus(Stored):
    name: str
    inactive_flag: bool = False


class ActivityType(Stored):
    name: str
    inactive_flag: bool = False


class Activity(Stored):
    name: str = ""
    notes: str = ""
    assign_to: Ref
    date_start: AwareDatetime | None = None
    date_end: AwareDatetime | None = None


class Member(Stored):
    identifier: str
    first_name: str = ""
    last_name: str = ""
    license_class: str = ""
    inactive_flag: bool = False
    default_email: str = ""
    primary_email: str = ""
    office_email: str = ""
    mobile_email: str = ""
    home_email: str = ""
    time_zone: Ref | None = None
    calendar: Ref | None = None


class MyMember(Stored):
    identifier: str
    first_name: str = ""
    last_name: str = ""
    default_email: str = ""
    inactive_flag: bool = False


class TimeZoneSetup(Stored):
    name: str = ""
    time_zone: Ref | None = None


class Calendar(Stored):
    """One span a day, "HH:MM:SS" on the member's own clock; None on days off."""

    holiday_list: Ref | None = None
    monday_start_time: str | None = None
    monday_end_time: str | None = None
    tuesday_start_time: str | None = None
    tuesday_end_time: str | None = None
    wednesday_start_time: str | None = None
    wednesday_end_time: str | None = None
    thursday_start_time: str | None = None
    thursday_end_time: str | None = None
    friday_start_time: str | None = None
    friday_end_time: str | None = None
    saturday_start_time: str | None = None
    saturday_end_time: str | None = None
    sunday_start_time: str | None = None
    sunday_end_time: str | None = None


class Holiday(Stored):
    """Only the date part of `date` means anything; the times are on the local clock."""

    name: str = ""
    date: str
    all_day_flag: bool = True
    time_start: str | None = None
    time_end: str | None = None


class ScheduleType(Stored):
    identifier: str
    name: str = ""


class ScheduleStatus(Stored):
    show_as_tentative_flag: bool = False


class ScheduleEntry(Stored):
    """`object_id` is the ticket's or activity's id, by type; `start_time_set` False means a date without a time."""

    object_id: int | None = None
    name: str = ""
    type: Ref
    member: Ref
    date_start: AwareDatetime | None = None
    date_end: AwareDatetime | None = None
    status: Ref | None = None
    done_flag: bool = False
    ticket_type: str = ""
    start_time_set: bool = True
    end_time_set: bool = True


class Note(Stored):
    text: str = ""


class Callback(Stored):
    description: str = ""
    url: str
    object_id: int = 0
    type: str
    level: str
    inactive_flag: bool = False


class HostedScreen(Stored):
    name: str = ""


class HostedSetup(Stored):
    screen_id: int = 0
    description: str = ""
    url: str = ""
    disabled_flag: bool = False


class SigningKey(Model):
    model_config = ConfigDict(alias_generator=None)

    signing_key: str
