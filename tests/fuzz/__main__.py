"""Fuzzing by hand: `python -m tests.fuzz --runs 100000`, or with `--coverage TARGET`, led by what has not run yet.

Inputs by target, and what failed, are printed; a failure is printed with what brings it about again.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from random import Random


def main() -> None:
    """Read the arguments, and fuzz."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="how many inputs")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other inputs")
    parser.add_argument("--coverage", metavar="TARGET", help="let atheris choose the inputs of one target")
    asked = parser.parse_args()
    if asked.coverage:
        led_by_coverage(asked.coverage, asked.runs, asked.seed)
    sys.exit(1 if sum(failed for _, failed, _ in by_seed(asked.runs, asked.seed)) else 0)


def by_seed(runs: int, seed: int, tell: bool = True) -> Iterator[tuple[str, int, int]]:
    """Fuzz every target; gives name, failures and inputs of each."""
    from tests.fuzz.targets import SHARE, TARGETS

    rest = (100 - sum(SHARE.values())) / (len(TARGETS) - len(SHARE))
    for name, target in TARGETS.items():
        began, number = time.process_time(), int(runs * SHARE.get(name, rest) / 100)
        failed = sum(fails(target, f"{seed} {name} {one}") for one in range(number))
        if tell:
            spent = f"{time.process_time() - began:7.1f} s of the processor"
            print(f"{name:10} {number:8,} inputs {failed:4} failed {spent}", flush=True)
        yield name, failed, number


def fails(target, seed: str) -> bool:
    """Whether a target fails with a seed; why, is printed."""
    try:
        target(Random(seed))  # noqa: S311  (chance, and no secret)
    except Exception:  # noqa: BLE001  (that is what is looked for)
        print(f"\nSeed {seed!r}:\n{traceback.format_exc()}")
        return True
    return False


def led_by_coverage(name: str, runs: int, seed: int) -> None:
    """Fuzz one target with atheris, which ends the process: 0 if nothing failed."""
    import atheris

    with atheris.instrument_imports(include=["bot", "knowledge"], enable_loader_override=False):
        from tests.fuzz.targets import TARGETS
    from tests.fuzz.mutating import FromBytes

    target = TARGETS[name]
    target(Random(0))  # noqa: S311  (what is made once is made before anything is counted)
    options = [
        f"-runs={runs}",
        f"-seed={seed}",
        "-max_len=1024",
        "-len_control=0",
        "-timeout=20",
        "-artifact_prefix=build/",
    ]
    atheris.Setup([sys.argv[0], *options], lambda data: target(FromBytes(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
