"""The database as the commands on imported statutes use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bridgehead.cli.run import data_folder, make_secret_key, writable
from bridgehead.cli.terminal import start_django

T = TypeVar("T")


def in_database(by: str, work: Callable[[], T]) -> T:
    """Do some work with the database up to date and the region's organisations in it, seeing everything.

    Parameters
    ----------
    by : str
        Who the journal says does it.
    work : callable
        The work; it imports what it needs of the rooms itself, since they stand on a database that is set up.

    Raises
    ------
    BridgeheadError
        ``database.*`` where the database cannot be used, and what the work raises.
    """
    folder = data_folder()
    writable(folder)
    make_secret_key(folder)
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.people.organisations import adopt_region
    from bridgehead.ground.region import current

    with database.worded():
        database.bring_up_to_date()
        adopt_region(by=system(by), region=current().region)
        with as_system(by):
            return work()
