"""Feed mutated exports to the whole import cascade and count what happens.

    python benchmarks/fuzz_importers.py --files 100000 --processes 1

Every file is one of the invented exports with one to six changes (tests/importers/mutations.py, drawn by hypothesis). The only
right ends are a network whose receipt adds up and a refusal in one line. Anything else (an exception, a crash of the process,
more than five seconds, more than --memory of memory) is counted and its file kept in --keep.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "importers"))

SLOW = 5.0


def work(number: int, files: int, keep: Path, memory: int, seed: int) -> None:
    """Run one batch; the counts go to a file, so that they survive a crash."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, given, settings
    from mutations import mutated

    from netact.errors import ImportFileError
    from netact.importers import read_source

    counts: Counter[str] = Counter()
    slowest = 0.0
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))

    def alarm(*_: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, alarm)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    place = folder / "file"

    @hypothesis.seed(seed + number)
    @settings(
        max_examples=files,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(content=mutated())
    def run(content: bytes) -> None:
        nonlocal slowest
        place.write_bytes(content)
        (keep / f"current-{number}").write_bytes(content)
        began = time.process_time()
        # Wall time is no measure on a busy machine: the alarm only ends what hangs.
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_REAL, 60)
        try:
            network = read_source(place)
            right = all(r.rows_read == r.rows_kept + sum(d.rows for d in r.dropped) for r in network.receipt.sources)
            outcome = "network" if right else "receipt does not add up"
        except ImportFileError as error:
            outcome = "refused in one line" if "\n" not in str(error) else "refused in several lines"
        except TimeoutError:
            outcome = "hangs"
        except MemoryError:
            outcome = "out of memory"
        except Exception as error:  # noqa: BLE001
            outcome = f"{type(error).__name__} at {traceback.extract_tb(error.__traceback__)[-1].name}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SLOW:
            outcome = "slow"
        if outcome not in ("network", "refused in one line"):
            name = f"{outcome.replace(' ', '_')}-{number}-{counts[outcome]}"
            if counts[outcome] < 5:
                (keep / name).write_bytes(content)
        counts[outcome] += 1
        if sum(counts.values()) % 100 == 0:
            save()

    def save() -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        (keep / f"counts-{number}.json").write_text(json.dumps({"counts": counts, "slowest": slowest, "peak": peak}))

    run()
    save()
    (keep / f"current-{number}").unlink(missing_ok=True)


def main() -> None:
    """Run the batches and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=2_500, help="files a process; memory and caches start anew")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--memory", type=int, default=8192, help="MiB of address space a process may use")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None, help="folder for files that went wrong")
    given = parser.parse_args()
    keep = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-kept-"))
    keep.mkdir(parents=True, exist_ok=True)
    for old in keep.glob("counts-*.json"):
        old.unlink()
    began = time.monotonic()
    batches = -(-given.files // given.batch)
    running: list[tuple[int, Any]] = []
    crashed: Counter[str] = Counter()
    context = multiprocessing.get_context("spawn")
    for number in range(batches + given.processes):
        while len(running) >= given.processes or (number >= batches and running):
            first, process = running.pop(0)
            process.join()
            if process.exitcode:
                crashed[f"process ended with {process.exitcode}"] += 1
                current = keep / f"current-{first}"
                if current.exists():
                    current.rename(keep / f"crash-{first}")
        if number < batches:
            size = min(given.batch, given.files - number * given.batch)
            process = context.Process(target=work, args=(number, size, keep, given.memory, given.seed))
            process.start()
            running.append((number, process))
    counts: Counter[str] = Counter(crashed)
    slowest, peak = 0.0, 0
    for path in keep.glob("counts-*.json"):
        found = json.loads(path.read_text())
        counts.update(found["counts"])
        slowest, peak = max(slowest, found["slowest"]), max(peak, found["peak"])
    total = sum(counts.values())
    print(f"{total:,} mutated files, {time.monotonic() - began:,.0f} s")
    for outcome, number in counts.most_common():
        print(f"  {number:>9,}  {outcome}")
    print(f"slowest file {slowest:.2f} CPU s; largest process {peak:,} MiB")
    wrong = total - counts["network"] - counts["refused in one line"]
    if wrong:
        print(f"files that went wrong: {keep}")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
