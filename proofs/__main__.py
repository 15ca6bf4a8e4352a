"""Run the proofs: `python -m proofs [kill ...] [--database sqlite|postgresql] [--smoke] [--seed N] [--rounds N]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from proofs.registry import DATABASES, Asked, Option, Outcome, Proof, proofs, table


def main(arguments: list[str] | None = None) -> int:
    """Try the chosen proofs, print a table each and write the figures; return 1 if one of them does not hold."""
    known = {proof.name: proof for proof in proofs()}
    options = {option.name: option for proof in known.values() for option in proof.options}
    chosen = _parser(known, options).parse_args(arguments)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, seed {chosen.seed}")
    broken: dict[str, list[str]] = {}
    for name in chosen.proof or known:
        proof = known[name]
        for database in chosen.database or proof.databases:
            if database not in proof.databases:
                print(f"\n## {name}: says nothing of {database}")
                continue
            if faults := _try(proof, database, chosen):
                broken[f"{name} on {database}"] = faults
    for tried, faults in broken.items():  # once more at the end, where whoever reads a long log looks
        print(f"\n{tried} does not hold:", *(f"- {fault[-500:]}" for fault in faults), sep="\n")
    return 1 if broken else 0


def _parser(known: dict[str, Proof], options: dict[str, Option]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m proofs", description="Try what the ground promises.")
    parser.add_argument("proof", nargs="*", choices=[*known, []], help="proofs to try; all if none is named")
    parser.add_argument(
        "--database", action="append", choices=DATABASES, help="database to try them on; all they speak of if absent"
    )
    parser.add_argument("--smoke", action="store_true", help="small sizes only: does everything still run?")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="start of the chances")
    parser.add_argument("--results", type=Path, default=Path("build/proofs"), help="folder for the figures as JSON")
    for option in options.values():
        parser.add_argument(
            f"--{option.name}", type=int, help=f"{option.help} ({option.full}; {option.smoke} in smoke)"
        )
    return parser


def _try(proof: Proof, database: str, chosen: argparse.Namespace) -> list[str]:
    """Try one proof on one database, tell what it found and return what is not as promised."""
    options = {
        option.name: getattr(chosen, option.name)
        if getattr(chosen, option.name) is not None
        else (option.smoke if chosen.smoke else option.full)
        for option in proof.options
    }
    print(f"\n## {proof.name} on {database}: {proof.title}\n", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"bridgehead-proof-{proof.name}-"))
    started, clock = datetime.now(UTC), time.monotonic()
    outcome = proof.run(Asked(database, folder, chosen.seed, chosen.smoke, options))
    seconds = time.monotonic() - clock
    if outcome.rows:
        print(table(outcome.rows))
    for fault in outcome.faults:
        print(f"NOT AS PROMISED: {fault}")
    print(f"\n{'does not hold' if outcome.faults else 'holds'} ({seconds:.1f} s)", flush=True)
    _write(chosen.results, proof, database, chosen, options, started, seconds, outcome)
    if outcome.faults:
        print(f"what it left lies in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome.faults


def _write(
    results: Path,
    proof: Proof,
    database: str,
    chosen: argparse.Namespace,
    options: dict[str, int],
    started: datetime,
    seconds: float,
    outcome: Outcome,
) -> None:
    results.mkdir(parents=True, exist_ok=True)
    told = {
        "proof": proof.name,
        "promise": proof.title,
        "database": database,
        "seed": chosen.seed,
        "smoke": chosen.smoke,
        "options": options,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "holds": not outcome.faults,
        "rows": outcome.rows,
        "faults": outcome.faults,
    }
    file = results / f"{proof.name}-{database}.json"
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
