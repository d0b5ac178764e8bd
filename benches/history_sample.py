#!/usr/bin/env python3
"""Draws findings of whole histories to be judged by hand, and prints each with the lines round it. It shows the secrets.

  unleak history MIRROR --format json --reveal --no-config --allow-partial --exit-zero -o NAME.json
  benches/history_sample.py SEED high=40,medium=35,low=25 MIRROR=NAME.json …

MIRROR is the folder of the repository's objects. Each different value counts once, whatever the number of its places; of
private keys and key stores at most five are drawn a level, since their like fills the histories that have any.
The same seed and reports draw the same findings.
"""
import argparse, collections, json, random, subprocess

KEYS = 5
AROUND = 3


def findings_of(mirror, report):
    """What a report holds a secret in, with the repository it is of."""
    with open(report, encoding="utf8") as file:
        rows = json.load(file)["findings"]
    return [row | {"mirror": mirror} for row in rows if row.get("secret") and row.get("secret_masked")]


def by_level(findings):
    """The first finding of each different value, by confidence."""
    first = {}
    for row in findings:
        first.setdefault(row["secret"], row)
    levels = collections.defaultdict(list)
    for row in first.values():
        levels[row["confidence"]].append(row)
    return levels


def drawn(rows, level, count, seed):
    """So many of a level, few of them private keys."""
    random.Random(f"{seed}-{level}").shuffle(rows)
    sample, keys = [], 0
    for row in rows:
        is_key = row["rule_id"].startswith(("private-key", "keystore-")) or "key-store" in row["rule_id"]
        keys += is_key
        if len(sample) < count and (not is_key or keys <= KEYS):
            sample.append(row)
    return sample


def text_of(row):
    """The file's text as Git stores it, or the commit's message."""
    git = ["git", "-C", row["mirror"]]
    if row["part"] == "content" and row.get("blob"):
        command = git + ["cat-file", "-p", row["blob"]]
    else:
        command = git + ["log", "-1", "--format=%B", row["commit"]]
    return subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout.decode(errors="replace")


def told(number, row):
    lines = text_of(row).split("\n")
    start = row["start_line"] - 1
    print(f"--- {number} {row['confidence']} {row['rule_id']} {row['path']}:{start + 1} {row['secret'][:100]!r}")
    for at in range(max(0, start - AROUND), min(len(lines), start + AROUND)):
        print(("  > " if at == start else "    ") + lines[at][:220])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed")
    parser.add_argument("counts", help="high=40,medium=35,low=25")
    parser.add_argument("reports", nargs="+", metavar="MIRROR=REPORT")
    options = parser.parse_args()
    pairs = [report.rpartition("=") for report in options.reports]
    levels = by_level(row for mirror, _, report in pairs for row in findings_of(mirror, report))
    number = 0
    for level, count in (pair.split("=") for pair in options.counts.split(",")):
        sample = drawn(levels[level], level, int(count), options.seed)
        print(f"=== {level}: {len(levels[level])} different, {len(sample)} drawn")
        for number, row in enumerate(sample, number + 1):
            told(number, row)


if __name__ == "__main__":
    main()
