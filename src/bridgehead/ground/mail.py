"""Mails the platform sends: few, short, and only about somebody's own account.

A mail is asked for by ``deed.enqueue("mail.send", told_by_mail(…))`` in the transaction of what it is about; the runner
hands the arguments to `send_mail`. They name the person and the words, never a link: the row of a task can be read by
those who look after the tasks, and a link that opens an account is theirs alone to whom it is sent.
"""

from __future__ import annotations

import smtplib
import ssl
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.language import beginning, django_code
from bridgehead.ground.models import Person
from bridgehead.ground.people.links import reset_link
from bridgehead.kernel.errors import BridgeheadError

KIND = "mail.send"
NEW_PASSWORD, PASSWORD_CHANGED, ADDRESS_CHANGED, SECOND_FACTOR_GONE = (
    "new_password",
    "password_changed",
    "address_changed",
    "second_factor_gone",
)
WORDS = (NEW_PASSWORD, PASSWORD_CHANGED, ADDRESS_CHANGED, SECOND_FACTOR_GONE)
FOLDER = "outgoing-mail"
_PORTS = {"off": 25, "starttls": 587, "on": 465}
TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Server:
    """The server mails are handed to; ``tls`` is ``on`` from the first byte, ``starttls`` or ``off``."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""
    sender: str = ""


def send_mail(arguments: Mapping[str, Any], key: str = "") -> str:
    """Send one mail; the body of the handler of ``mail.send``.

    Parameters
    ----------
    arguments : mapping
        As `bridgehead.ground.people.accounts.told_by_mail` gives them.
    key : str
        The same at every attempt: a mail that is sent again after a crash has the same Message-ID, by which the
        receiving side can tell that it is the same.

    Returns
    -------
    str
        ``sent``, ``written`` (to the folder of outgoing mails) or ``nobody``.

    Raises
    ------
    BridgeheadError
        ``mail.not_taken`` if the server does not take it; the task is tried again then.
    """
    with as_system("sending mail"):
        person = Person.objects.filter(pk=arguments["person"], is_active=True).first() if arguments["person"] else None
    to = (arguments.get("to") or person.email) if person else ""
    if person is None or not to:
        return "nobody"
    message = _message(person, str(arguments["words"]), str(arguments["address"]), to, key)
    server = server_of(settings.BRIDGEHEAD_MAIL_URL)
    if server is None:
        _write(message)
        return "written"
    _hand_over(message, server)
    return "sent"


def server_of(address: str) -> Server | None:
    """Return the server an address such as ``smtp://user:password@host:587?tls=starttls&from=…`` names; None for none.

    Raises
    ------
    BridgeheadError
        ``mail.bad_server``.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address)
        asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        tls = asked.pop("tls", "starttls")
        sender = asked.pop("from", "")
        if parts.scheme != "smtp" or not parts.hostname or tls not in _PORTS or asked:
            raise ValueError(address)
        return Server(
            parts.hostname,
            parts.port or _PORTS[tls],
            tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            sender or f"bridgehead@{parts.hostname}",
        )
    except ValueError:
        raise BridgeheadError("mail.bad_server") from None  # the address holds a password: it is not repeated


def _message(person: Person, words: str, address: str, to: str, key: str) -> EmailMessage:
    if words not in WORDS:
        raise ValueError(f"no mail is called {words!r}")
    path = beginning(person.language)
    link = f"{address}{path}new-password/?link={reset_link(person)}" if words == NEW_PASSWORD else ""
    told = {"person": person, "address": address, "link": link, "sign_in": f"{address}{path}sign-in/"}
    with override(django_code(person.language)):
        subject = " ".join(render_to_string(f"ground/mail/{words}.subject.txt", told).split())
        body = render_to_string(f"ground/mail/{words}.txt", told).strip() + "\n"
    server = server_of(settings.BRIDGEHEAD_MAIL_URL)
    message = EmailMessage()
    message["Subject"], message["To"] = subject, to
    message["From"] = server.sender if server else "bridgehead@localhost"
    message["Date"] = formatdate(usegmt=True)
    number = salted_hmac("bridgehead.mail", key).hexdigest()[:32] if key else uuid.uuid4().hex
    message["Message-ID"] = f"<{number}@bridgehead>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _write(message: EmailMessage) -> None:
    """Put a mail into the folder of outgoing mails, which the operator alone reads."""
    folder = Path(settings.BRIDGEHEAD_DATA) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{message['Message-ID'][1:33]}.eml"
    partial = folder / f".{name}"
    partial.touch(mode=0o600)
    partial.write_bytes(message.as_bytes())
    partial.replace(folder / name)


def _hand_over(message: EmailMessage, server: Server) -> None:
    secure = ssl.create_default_context()
    try:
        if server.tls == "on":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=secure)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        with line:
            if server.tls == "starttls":
                line.starttls(context=secure)
            if server.user:
                line.login(server.user, server.password)
            line.send_message(message)
    except (OSError, smtplib.SMTPException) as reason:
        told = {"host": server.host, "port": server.port, "reason": type(reason).__name__}
        raise BridgeheadError("mail.not_taken", told) from reason
