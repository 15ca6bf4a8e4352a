"""What the doctor looks at in the ledger room."""

from bridgehead.rooms.ledger import supervision_checks  # noqa: F401 - it declares checks
