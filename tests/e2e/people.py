"""Run as a program beside a server: people for every audience in its data folder, records, and the examples of pages.

Prints one JSON object: ``cookies``, a session for each audience that is not public, and ``addresses``, those of every
page in each language, as the server's own database has them.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Make the people by the actions, sign them in, and say how to be them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from bridgehead.ground.access.audience import PUBLIC, SIGNED_IN
    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.pages import pages
    from bridgehead.ground.people.accounts import edit_profile
    from bridgehead.ground.region import current
    from bridgehead.rooms.desk.who import ASK
    from tests import desk
    from tests.ledger import made
    from tests.site.admitted import person_with, role_for
    from tests.statutes import imported

    imported()
    desk.made(made(), person_with(role_for(ASK)))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookies = {}
    for audience in sorted({page.audience for page in pages()} - {PUBLIC}):
        person, session = person_with(role_for(audience)), store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies[audience] = session.session_key
    # The example of a record is what somebody changed last: whoever is only signed in has to see it.
    person = person_with(role_for(SIGNED_IN))
    edit_profile(by=viewer_of(person), version=person.version, name="Test Officer", email=person.email, language="zh")
    region = current().region
    addresses = {
        page.name: {code: [page.address(code, one) for one in page.addresses(region)] for code in ("zh", "en")}
        for page in pages()
    }
    json.dump({"cookies": cookies, "addresses": addresses}, sys.stdout)


if __name__ == "__main__":
    main()
