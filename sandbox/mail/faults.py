"""Trouble on demand: what the SMTP server does instead of taking a mail."""

from enum import StrEnum
from threading import Lock
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Stage(StrEnum):
    RCPT = "rcpt"
    DATA = "data"


class Drop(StrEnum):
    BEFORE_ACCEPTING = "before_accepting"
    AFTER_ACCEPTING = "after_accepting"


class Fault(BaseModel):
    """
    refuse         answer this code (421 also hangs up) to RCPT or at the end of DATA, as `stage` says
    drop           hang up at the end of DATA without an answer; after accepting means the mail was kept all the same
    delay_seconds  wait this long before the answer
    to             only mails to this address; None is all
    times          how many more mails; None is until switched off
    """

    model_config = ConfigDict(extra="forbid")

    refuse: Annotated[int, Field(ge=400, le=599)] | None = None
    stage: Stage = Stage.DATA
    drop: Drop | None = None
    delay_seconds: Annotated[float, Field(ge=0, le=600)] = 0
    to: str | None = None
    times: Annotated[int, Field(ge=0)] | None = None

    @property
    def is_off(self) -> bool:
        return self.times == 0 or not (self.refuse or self.drop or self.delay_seconds)

    @property
    def reply(self) -> str:
        """The SMTP answer for `refuse`, in words a log reader knows."""
        known = {
            421: "4.3.2 Service not available, closing transmission channel (asked for by the fault switch)",
            451: "4.3.0 Requested action aborted, try again later (asked for by the fault switch)",
            550: "5.1.1 Mailbox unavailable (asked for by the fault switch)",
        }
        permanent = "5.0.0 Refused" if self.refuse and self.refuse >= 500 else "4.0.0 Not now"
        return f"{self.refuse} {known.get(self.refuse or 0, f'{permanent} (asked for by the fault switch)')}"

    def describe(self) -> str:
        """One line for people."""
        if self.is_off:
            return "No fault is switched on."
        deeds = []
        if self.delay_seconds:
            deeds.append(f"waiting {self.delay_seconds:g} s")
        if self.refuse:
            deeds.append(f"answering {self.refuse} to {self.stage.value.upper()}")
        if self.drop:
            deeds.append(f"hanging up {self.drop.value.replace('_', ' ')}")
        whom = f" for {self.to}" if self.to else ""
        span = "until switched off" if self.times is None else f"{self.times} more time{'s' if self.times > 1 else ''}"
        line = f"{', then '.join(deeds)}{whom}, {span}"
        return line[0].upper() + line[1:]


class FaultSwitch:
    """The one fault in force. Safe to use from any thread."""

    def __init__(self) -> None:
        self._fault = Fault()
        self._lock = Lock()

    @property
    def current(self) -> Fault:
        with self._lock:
            return self._fault

    def put(self, fault: Fault) -> None:
        with self._lock:
            self._fault = fault

    def take(self, stage: Stage, recipients: list[str]) -> Fault | None:
        """The fault to act out at this stage, counted down, or None. A delay or a drop belongs to the end of DATA."""
        with self._lock:
            fault = self._fault
            applies = fault.to is None or fault.to.lower() in {address.lower() for address in recipients}
            if fault.is_off or fault.stage is not stage or not applies:
                return None
            if fault.times is not None:
                self._fault = fault.model_copy(update={"times": fault.times - 1})
            return fault
