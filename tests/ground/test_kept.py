"""What selectors keep: results of the questions asked last, not those asked first."""

from __future__ import annotations

from pathlib import Path

from bridgehead.ground import kept
from bridgehead.ground.region import Loaded, current
from bridgehead.jobs.store import Store


def test_what_was_asked_for_last_is_kept_and_not_what_was_asked_for_first(tmp_path: Path) -> None:
    loaded = Loaded(current().region, Store(tmp_path))
    made: list[int] = []

    def ask(number: int) -> int:
        def make() -> int:
            made.append(number)
            return number

        return kept.recent(loaded, "numbers", number, make)

    for number in range(kept.MOST_RECENT):
        assert ask(number) == number
    ask(0)  # asked again: now the most recent of all
    ask(-1)  # one more than fits: the oldest has to go, and that is 1
    assert made == [*range(kept.MOST_RECENT), -1]
    ask(0)
    assert made[-1] == -1, "what was asked for again is still there"
    ask(1)
    assert made[-1] == 1, "what nobody asked for again is gone"


def test_a_result_dropped_between_finding_and_moving_it_is_still_given(tmp_path: Path) -> None:
    loaded = Loaded(current().region, Store(tmp_path))
    kept.recent(loaded, "one", "key", lambda: "value")

    class Slippery(dict):  # type: ignore[type-arg]
        def move_to_end(self, key: object) -> None:
            raise KeyError(key)

    known = loaded.remember(("recent", "one"), dict)
    loaded.remembered["recent", "one"] = Slippery(known)
    assert kept.recent(loaded, "one", "key", lambda: "other") == "value"
