#!/usr/bin/env python3
"""What going on from an earlier sweep costs beside the full sweep: processor seconds, medians of five.

    benches/since.py target/release/unleak REPOSITORY 30 100 250

Each number is how many first parents HEAD is behind what was swept; the commits that came since are counted.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True, text=True).stdout


def seconds(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) == 2:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime


def main():
    program, repository, *behind = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        empty, state = os.path.join(folder, "empty"), os.path.join(folder, "state")
        subprocess.run(["git", "init", "-q", empty], check=True)
        sweep = [program, "history", "--quiet", "--since-state", state]
        seconds([*sweep, empty])
        with open(state) as file:
            rules = json.load(file)["rules_digest"]
        full = statistics.median(seconds([program, "history", "--quiet", repository]) for _ in range(5))
        print(f"full sweep: {full:.2f} s")
        for number in behind:
            old = git(repository, "rev-parse", f"HEAD~{number}").strip()
            tips = {old, *git(repository, "for-each-ref", "--merged", old, "--format=%(objectname)").split()}
            count = git(repository, "rev-list", "--count", f"{old}..HEAD").strip()
            taken = []
            for _ in range(5):
                with open(state, "w") as file:
                    json.dump({"version": 1, "rules_digest": rules, "tips": sorted(tips)}, file)
                taken.append(seconds([*sweep, repository]))
            median = statistics.median(taken)
            print(f"{count} commits: {median:.3f} s, {100 * median / full:.1f} %")


main()
