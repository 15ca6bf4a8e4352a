"""Run the benchmarks: `python -m benchmarks [--smoke] [subject ...]`."""

from __future__ import annotations

import argparse
import os
import platform
import sys

from benchmarks.registry import subjects, table


def main() -> int:
    """Measure the chosen subjects and print one table each."""
    known = {subject.name: subject for subject in subjects()}
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the engines beside other programs."
    )
    parser.add_argument("--smoke", action="store_true", help="small sizes only: does everything still run?")
    parser.add_argument("subject", nargs="*", choices=[*known, []], help="subjects to measure; all if none is named")
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    for name in chosen.subject or known:
        subject = known[name]
        print(f"\n## {subject.name}: {subject.title}\n", flush=True)
        print(table(subject.rows(smoke=chosen.smoke)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
