"""The SMTP side: takes every mail for every address, unless the fault switch says otherwise."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.mail.faults import Drop, Fault, FaultSwitch, Stage
from sandbox.mail.records import Outcome
from sandbox.mail.store import Store

log = logging.getLogger("sandbox.mail")
# aiosmtpd writes down every command, with bytes of hostile clients that no log can take.
logging.getLogger("mail.log").setLevel(logging.ERROR)

NOT_TEXT = "553 5.1.3 The address is not valid UTF-8"
HOSTNAME = "mail.sandbox.invalid"


def smtp_factory(
    store: Store, faults: FaultSwitch, *, login: tuple[str, str] | None = None, size_limit: int = 25 * 1024 * 1024
) -> Callable[[], SMTP]:
    """
    What makes the protocol for each connection, for `loop.create_server`.

    login  the only user name and password that may send; None lets anyone in, whether they sign in or not.
    """

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        if login is None:
            return AuthResult(success=True)
        matches = isinstance(given, LoginPassword) and (given.login, given.password) == (
            login[0].encode(),
            login[1].encode(),
        )
        return AuthResult(success=matches, handled=False)

    handler = Handler(store, faults, needs_login=login is not None)

    def make() -> SMTP:
        return SMTP(
            handler,
            hostname=HOSTNAME,
            ident="Sandbox mail catcher",
            data_size_limit=size_limit,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=authenticate,
            loop=asyncio.get_running_loop(),
        )

    return make


class Handler:
    """The hooks aiosmtpd calls; each returns the SMTP answer."""

    def __init__(self, store: Store, faults: FaultSwitch, *, needs_login: bool) -> None:
        self._store = store
        self._faults = faults
        self._needs_login = needs_login

    async def handle_MAIL(  # noqa: N802 - the library names its hooks so
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        # Not aiosmtpd's own auth_required: that refuses to be used without TLS, which a stand-in has no need of.
        if self._needs_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if not _is_text(address):
            return NOT_TEXT
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not _is_text(address):
            return NOT_TEXT
        fault = self._faults.take(Stage.RCPT, [address])
        if fault is not None:
            await asyncio.sleep(fault.delay_seconds)
            if fault.refuse:
                self._note(envelope, b"", [address], Outcome.REFUSED, fault.reply)
                return await _refused(server, fault)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        fault = self._faults.take(Stage.DATA, envelope.rcpt_tos)
        if fault is not None:
            try:
                await asyncio.sleep(fault.delay_seconds)
            except asyncio.CancelledError:
                self._note(envelope, content, envelope.rcpt_tos, Outcome.DROPPED, "The sender hung up while waiting")
                raise
            if fault.drop is Drop.BEFORE_ACCEPTING:
                self._note(envelope, content, envelope.rcpt_tos, Outcome.DROPPED, "Hung up before accepting")
                return _hung_up(server)
            if fault.refuse:
                self._note(envelope, content, envelope.rcpt_tos, Outcome.REFUSED, fault.reply)
                return await _refused(server, fault)
        drops = fault is not None and fault.drop is Drop.AFTER_ACCEPTING
        self._store.deliver(
            content,
            envelope_from=envelope.mail_from or "",
            mailboxes=envelope.rcpt_tos,
            at=datetime.now(UTC),
            detail="Accepted, then hung up without an answer" if drops else "",
        )
        return _hung_up(server) if drops else "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """A full disk is no fault of the mail: the sender shall come again."""
        log.error("A message could not be kept", exc_info=error)
        return "451 4.3.0 The message could not be kept"

    def _note(self, envelope: Envelope, content: bytes, mailboxes: list[str], outcome: Outcome, detail: str) -> None:
        self._store.record_failure(
            content,
            envelope_from=envelope.mail_from or "",
            mailboxes=mailboxes,
            at=datetime.now(UTC),
            outcome=outcome,
            detail=detail,
        )


def _is_text(address: str) -> bool:
    try:
        address.encode()
    except UnicodeEncodeError:
        return False
    return True


async def _refused(server: SMTP, fault: Fault) -> str:
    if fault.refuse == 421:
        # 421 announces the end of the connection, so the answer goes out here, before the line is cut.
        await server.push(fault.reply)
        return _hung_up(server, at_once=False)
    return fault.reply


def _hung_up(server: SMTP, *, at_once: bool = True) -> str:
    """Cut the line. The answer that aiosmtpd then writes goes nowhere."""
    transport = server.transport
    if isinstance(transport, asyncio.Transport):
        transport.abort() if at_once else transport.close()
    return "421 4.3.2 Closed"
