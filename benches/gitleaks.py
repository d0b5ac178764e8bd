#!/usr/bin/env python3
"""Compares what gitleaks and unleak find by one and the same gitleaks configuration.

    benches/gitleaks.py --gitleaks PATH [--unleak PATH] [--history] [--show N] FOLDER CONFIG

Of FOLDER its files are read or, with --history, all its commits. gitleaks' default rules are no rules of the
configuration: `useDefault` is taken out of the copy that both are given. A finding is a rule, a path and a secret.
Prints both counts and what only one of the two found, with the secret masked. docs/gitleaks.md has the results.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time


def run(command, folder):
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return done, time.monotonic() - began


def of_gitleaks(program, folder, config, history):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        what = ["git", "--log-opts=--all"] if history else ["dir"]
        command = [program, *what, ".", "--config", config, "--no-banner", "-f", "json", "-r", report.name]
        done, seconds = run(command, folder)
        text = pathlib.Path(report.name).read_text()
    if not text:
        sys.exit(done.stderr.decode(errors="replace"))
    found = [(f["RuleID"], f["File"], f["Secret"], f["StartLine"], tuple(f["Tags"])) for f in json.loads(text)]
    return found, seconds


def of_unleak(program, folder, config, history):
    what = ["history", "--allow-partial"] if history else ["files", "."]
    command = [program, *what, "--config", config, "--format", "json", "--reveal", "--no-ignore"]
    if history:
        command.remove("--no-ignore")
    done, seconds = run(command, folder)
    if not done.stdout:
        sys.exit(done.stderr.decode(errors="replace"))
    report = json.loads(done.stdout)
    for missing in report["coverage"]["missing"][:3]:
        print("not read by unleak:", missing)
    wanted = [f for f in report["findings"]]
    return [
        (f["rule_id"], f.get("path") or "", f.get("secret") or "", f["start_line"], f.get("part"))
        for f in wanted
    ], seconds


def masked(secret):
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()[:8]
    return f"{secret[:4]!r}… {len(secret)} characters, {digest}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("config")
    parser.add_argument("--gitleaks", required=True)
    parser.add_argument("--unleak", default=str(pathlib.Path(__file__).parent.parent / "target/release/unleak"))
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--show", type=int, default=10)
    asked = parser.parse_args()
    asked.gitleaks, asked.unleak = (str(pathlib.Path(p).resolve()) for p in (asked.gitleaks, asked.unleak))
    text = pathlib.Path(asked.config).read_text()
    text = re.sub(r"(?im)^\s*useDefault\s*=.*$", "", text)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as copy:
        copy.write(text)
        copy.flush()
        theirs, their_time = of_gitleaks(asked.gitleaks, asked.folder, copy.name, asked.history)
        ours, our_time = of_unleak(asked.unleak, asked.folder, copy.name, asked.history)
    key = (lambda f: f[:3])
    # In a history gitleaks tells a finding once a commit; unleak once, with its life story.
    count = (lambda found: collections.Counter(set(map(key, found)))) if asked.history else (lambda found: collections.Counter(map(key, found)))
    left, right = count(theirs), count(ours)
    details = {key(f): f for f in [*theirs, *ours]}
    print(f"gitleaks {sum(left.values())} in {their_time:.1f} s, unleak {sum(right.values())} in {our_time:.1f} s, "
          f"the same {sum((left & right).values())}")
    for name, only in (("gitleaks", left - right), ("unleak", right - left)):
        by_rule = collections.Counter()
        for found, times in only.items():
            by_rule[found[0]] += times
        print(f"only {name}: {sum(only.values())}", dict(by_rule.most_common(12)))
        for found, times in list(only.items())[:asked.show]:
            rule, path, secret = found
            print(f"  {times} × {rule} {path}:{details[found][3]} {masked(secret)} {details[found][4]}")


main()
