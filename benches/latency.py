"""How long an editor waits: a file of 1,000 lines on standard input, a report in JSON back, whole processes.

    python3 benches/latency.py PROGRAM [RUNS]

The lines are this project's own sources, one after the other. Prints medians and the slowest in twenty, in
milliseconds by the wall clock, and the processor time of a run, beside a program that only passes its input on (cat).
"""

import pathlib
import resource
import statistics
import subprocess
import sys
import time

LINES = 1000


def sample() -> bytes:
    sources = sorted((pathlib.Path(__file__).parent.parent / "src").rglob("*.rs"))
    lines = [line for source in sources for line in source.read_text("utf-8").splitlines()]
    return ("\n".join(lines[:LINES]) + "\n").encode()


def processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command: list[str], text: bytes) -> tuple[float, float]:
    began, used = time.perf_counter(), processor_time()
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    took = time.perf_counter() - began
    assert done.returncode in (0, 1), done.returncode
    return took * 1000, (processor_time() - used) * 1000


def main() -> None:
    program, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    text = sample()
    commands = {
        "unleak stdin, JSON": [program, "stdin", "--format", "json", "--path", "src/a.rs", "--quiet"],
        "cat": ["cat"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(run(command, text))
    print(f"{LINES} lines, {len(text)} bytes, {runs} runs each, in turn")
    for name, taken in times.items():
        wall = sorted(wall for wall, _ in taken)
        used = statistics.median(used for _, used in taken)
        slow = wall[len(wall) * 19 // 20]
        print(f"{name}: median {statistics.median(wall):.1f} ms, of 20 the slowest {slow:.1f} ms, processor {used:.1f} ms")


main()
