"""Example addresses of the pages that show records of the room."""

from bridgehead.ground.examples import examples_in

NEEDS = "records of the desk"
"""What must be there before these pages have anything to show: a region ships without records."""

of = examples_in("bridgehead.rooms.desk.models")
