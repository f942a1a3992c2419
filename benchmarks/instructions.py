"""Machine instructions that two kernels need for a tie: a count, not a time, so that a busy machine does not change it.

Usage: python benchmarks/instructions.py [--runs 1]        (needs valgrind)

Counted are core numbers and one null network of the same degrees, one sweep, of 117,084 invented ties, by valgrind's callgrind.
The program runs under valgrind from its start, but instructions are counted only while the kernel works (a request that callgrind
knows switches the counting on and off), after the kernel was compiled. It is compiled for x86-64-v3 whatever the machine has, since
valgrind does not know newer instructions and counts would differ from machine to machine.
"""

import argparse
import ctypes
import json
import mmap
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# The instruction set that is compiled for. Python's own hashes are fixed as well.
SETTINGS = {"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
# A client request of valgrind: four rotations that do nothing in all and an exchange of a register with itself, which nothing else
# contains; the request is where the first argument points. (valgrind.h, callgrind.h)
REQUEST = "4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3"
TOOL = ord("C") << 24 | ord("T") << 16
DUMP, START, STOP = TOOL, TOOL + 4, TOOL + 5
ACCOUNTS = 20_000


def counted(*, fresh: bool = False) -> dict[str, float]:
    """Return instructions a tie of each kernel; ``fresh`` compiles them anew."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "counts")
        settings = {**os.environ, **SETTINGS, **({"NUMBA_CACHE_DIR": folder} if fresh else {})}
        here = [sys.executable, str(Path(__file__).resolve()), "--count"]
        # Compiling is slow under valgrind: the first run leaves the kernels in the cache.
        ties = int(subprocess.run(here, env=settings, check=True, capture_output=True, text=True).stdout)
        valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}"]
        subprocess.run([*valgrind, *here], env=settings, check=True, capture_output=True)
        totals = [
            re.search(r"^totals: (\d+)$", Path(f"{out}.{part}").read_text(), re.MULTILINE)
            for part in range(1, len(KERNELS) + 1)
        ]
        return {name: int(total[1]) / ties for name, total in zip(KERNELS, totals, strict=True)}


def asker():
    """Return a function that passes a request to valgrind; without valgrind it does nothing."""
    if platform.machine() not in ("x86_64", "AMD64"):
        raise SystemExit("instructions are counted on x86-64 only")
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex(REQUEST.replace(" ", "")))
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64))(place)

    def ask(number):
        return call((ctypes.c_uint64 * 6)(number))

    ask.page = page  # stays as long as it is called
    return ask


def core_numbers(ties, pairs):  # noqa: ARG001  (both kernels are called alike)
    from netact.cohesion import coreness

    return coreness(pairs)


def null_network(ties, pairs):  # noqa: ARG001
    from netact.null_models import degree_preserving

    return next(degree_preserving(ties, draws=1, seed=7, burn_in=1))


KERNELS = {"core numbers": core_numbers, "null network": null_network}


def count() -> None:
    """Run the kernels, and let valgrind count them one by one."""
    import numpy as np

    from netact.network import Ties

    random = np.random.default_rng(1)
    source, target = (np.int64(ACCOUNTS * random.random(130_000) ** power) for power in (3, 5))
    key = np.unique((source * ACCOUNTS + target)[source != target])
    one = np.ones(len(key), dtype=np.int64)
    ties = Ties(
        ACCOUNTS, (key // ACCOUNTS).astype(np.uint32), (key % ACCOUNTS).astype(np.uint32), one.astype(float), one
    )
    ask = asker()
    for kernel in KERNELS.values():
        kernel(ties, ties)
        ask(START)
        kernel(ties, ties)
        ask(STOP)
        ask(DUMP)
    print(len(key))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="compile the kernels anew for each run")
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.count:
        count()
        return
    for _ in range(given.runs):
        print(json.dumps({name: round(value, 3) for name, value in counted(fresh=given.fresh).items()}), flush=True)


if __name__ == "__main__":
    main()
