"""Example addresses of the pages that show records of the room."""

from bridgehead.ground.examples import examples_in

NEEDS = "records of the ledger"
"""What must be there before these pages have anything to show: a region ships without records."""

of = examples_in("bridgehead.rooms.ledger.models")
