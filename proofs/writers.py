"""Writers: people who change their own profile as fast as they can, each change a journalled action."""

from __future__ import annotations

import sys
import threading
import time

from proofs.platform import start_django


def write(pks: list[int], ends: float) -> list[int]:
    """Let one thread a person write until a time; return how many changes of each were acknowledged."""
    from django.db import connection

    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import Person
    from bridgehead.ground.people.accounts import edit_profile

    done = [0] * len(pks)

    def one(at: int) -> None:
        with as_system("proof"):
            person = Person.objects.get(pk=pks[at])
        viewer, version = viewer_of(person), person.version
        while time.time() < ends:
            edit_profile(by=viewer, version=version, name=f"{at} {version}")
            version += 1
            done[at] += 1
        connection.close()

    threads = [threading.Thread(target=one, args=(at,)) for at in range(len(pks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def register(count: int) -> list[int]:
    """Register people who write; return their ids."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.people.accounts import register_person

    by = system("proof")
    return [register_person(by=by, login=f"writer-{at:03}", name=f"{at}").pk for at in range(count)]


if __name__ == "__main__":  # one process of several: begin, end and ids on the command line, counts on the screen
    import os
    from pathlib import Path

    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    time.sleep(max(0, float(sys.argv[1]) - time.time()))
    print(*write([int(pk) for pk in sys.argv[3:]], float(sys.argv[2])))
