"""Mails the platform sends: few and short, about somebody's own account, or that something awaits them on a page.

A mail about an account is asked for by ``deed.enqueue("mail.send", told_by_mail(…))`` in the transaction of what it is
about; the runner hands the arguments to `send_mail`. They name the person and the words, never a link: the row of a
task can be read by those who look after the tasks, and a link that opens an account is theirs alone to whom it is sent.

A room adds words of its own by `letter`. Such a mail says that something happened and where to look, never what: nobody
knows who reads a mailbox.
"""

from __future__ import annotations

import smtplib
import ssl
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a mail of a room goes, in which language, and what its templates are told beside the addresses."""

    to: str
    language: str
    told: Mapping[str, Any] = field(default_factory=dict)


Finder = Callable[[Mapping[str, Any]], "Addressee | None"]
_letters: dict[str, tuple[str, Finder]] = {}


def letter(words: str, templates: str, addressee: Finder) -> None:
    """Add a mail of a room; adding the same one twice changes nothing.

    Parameters
    ----------
    words : str
        What ``words`` is in the arguments of its tasks.
    templates : str
        Its templates without their endings ``.subject.txt`` and ``.txt``; they are told ``address`` and ``page``, the
        beginnings of addresses without and with the language, which are empty while the operator has named none.
    addressee : callable
        Gives, as the platform and when the mail is sent, to whom it goes; None for nobody any more.

    Raises
    ------
    ValueError
        If the words are those of another mail.
    """
    if words in WORDS or _letters.get(words, (templates, addressee)) != (templates, addressee):
        raise ValueError(f"two mails are called {words!r}")
    _letters[words] = (templates, addressee)


def send_mail(arguments: Mapping[str, Any], key: str = "") -> str:
    """Send one mail; the body of the handler of ``mail.send``.

    Parameters
    ----------
    arguments : mapping
        As `bridgehead.ground.people.accounts.told_by_mail` gives them; of a mail of a room what its `letter` needs.
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
        message = _of_a_room(arguments, key) if arguments["words"] in _letters else _of_an_account(arguments, key)
    if message is None:
        return "nobody"
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


def _of_an_account(arguments: Mapping[str, Any], key: str) -> EmailMessage | None:
    person = Person.objects.filter(pk=arguments["person"], is_active=True).first() if arguments["person"] else None
    to = (arguments.get("to") or person.email) if person else ""
    if person is None or not to:
        return None
    words, address = str(arguments["words"]), str(arguments["address"])
    if words not in WORDS:
        raise ValueError(f"no mail is called {words!r}")
    path = beginning(person.language)
    link = f"{address}{path}new-password/?link={reset_link(person)}" if words == NEW_PASSWORD else ""
    told = {"person": person, "address": address, "link": link, "sign_in": f"{address}{path}sign-in/"}
    return _message(f"ground/mail/{words}", Addressee(to, person.language, told), key)


def _of_a_room(arguments: Mapping[str, Any], key: str) -> EmailMessage | None:
    templates, addressee = _letters[arguments["words"]]
    found = addressee(arguments)
    if found is None or not found.to:
        return None
    address = str(settings.BRIDGEHEAD_ADDRESS)
    told = {"address": address, "page": f"{address}{beginning(found.language)}" if address else ""}
    return _message(templates, Addressee(found.to, found.language, {**told, **found.told}), key)


def _message(templates: str, to: Addressee, key: str) -> EmailMessage:
    with override(django_code(to.language)):
        subject = " ".join(render_to_string(f"{templates}.subject.txt", dict(to.told)).split())
        body = render_to_string(f"{templates}.txt", dict(to.told)).strip() + "\n"
    server = server_of(settings.BRIDGEHEAD_MAIL_URL)
    message = EmailMessage()
    message["Subject"], message["To"] = subject, to.to
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
