"""
The contract of ports.psa.Psa.

An adapter's tests inherit PsaContract as `class TestExamplePsa(PsaContract)` and give it a fixture `world`.
"""

from __future__ import annotations

from slotdesk.integrations.contract.psa_activities import ActivityContract
from slotdesk.integrations.contract.psa_edges import ErrorsContract, HooksContract, PanelContract
from slotdesk.integrations.contract.psa_people import FindingContract, NewPeopleContract, PhoneContract
from slotdesk.integrations.contract.psa_reading import ReadingContract, ScheduleContract
from slotdesk.integrations.contract.psa_tickets import NewTicketContract, OwnerContract, SearchContract
from slotdesk.integrations.contract.psa_writing import EntriesContract, NotesContract, StatusContract


class PsaContract(
    ReadingContract,
    ScheduleContract,
    EntriesContract,
    NotesContract,
    StatusContract,
    SearchContract,
    NewTicketContract,
    OwnerContract,
    FindingContract,
    NewPeopleContract,
    PhoneContract,
    ActivityContract,
    ErrorsContract,
    PanelContract,
    HooksContract,
):
    """All of it, in one class to inherit."""
