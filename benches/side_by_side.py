#!/usr/bin/env python3
"""Sets what unleak finds in real files beside what others find, place by place, and scores all by judgements made by hand.

  benches/side_by_side.py TREE … [--verdicts FOLDER] [--kept FOLDER] [--list all|differences|unjudged] [--lines]

TREE is a folder of files, a repository checked out without its history. A place is a run of lines that findings touch: one
line mostly, and all lines of a private key; a binary file is one place, and so is an archive. FOLDER/NAME.tsv, NAME being the tree's, holds the
judgements, a line each:

  PATH:LINE <tab> real|not|either <tab> the reason

A credential that works, worked or is set as one is real, in a sample or a test too; what only looks like one is not; either
counts for nothing. PATH may be a pattern with `*`; with `~REGEX` in place of `:LINE` it holds for lines that match,
with neither for the whole file. The first line that fits a place decides, those with a number before all others. Real ones
that no tool found are listed like the rest, and count.
Keep the judgements out of the repository: they say where secrets are.

--kept keeps what the peers found, so that only unleak runs again. --lines prints the lines themselves, with the secrets.
"""
import argparse, collections, fnmatch, functools, json, os, re

from scanners import Found, read, scanned, scanners

TOOLS = ["unleak", "betterleaks", "gitleaks", "kingfisher", "CredSweeper"]
Place = collections.namedtuple("Place", "path start end tools rules")


def findings_of(tool, tree, kept):
    """What a tool finds in the tree: kept from an earlier run, or found now."""
    name, scan, program = tool
    file = kept and os.path.join(kept, f"{os.path.basename(tree)}.{name}.json")
    if file and name != "unleak" and os.path.exists(file):
        return [Found(*row) for row in json.loads(read(file))]
    findings, _ = scanned(scan, program, tree)
    findings = [found._replace(path=container_of(tree, found.path)) for found in findings]
    findings = [found._replace(start=1, end=1) if is_binary(tree, found.path) else found for found in findings]
    if file:
        with open(file, "w", encoding="utf8") as out:
            json.dump(findings, out)
    return findings


def container_of(tree, path):
    """The file on disk that holds a finding: the archive or database, when it is in a part of one (`a.zip!b`)."""
    while not os.path.exists(os.path.join(tree, path)) and "!" in path:
        path = path.rpartition("!")[0]
    return path


@functools.cache
def is_binary(tree, path):
    """Whether a file has no lines, so that it is one place: a key store."""
    with open(os.path.join(tree, path), "rb") as file:
        return b"\0" in file.read(8192)


def places_of(findings):
    """The findings of all tools, joined where they share a line."""
    by_path = collections.defaultdict(list)
    for tool, rows in findings.items():
        for row in rows:
            by_path[row.path].append((row.start, row.end, tool, row.rule))
    places = []
    for path, rows in sorted(by_path.items()):
        for start, end, tool, rule in sorted(rows):
            last = places[-1] if places else None
            if last and last.path == path and start <= last.end:
                places[-1] = last._replace(end=max(end, last.end), tools=last.tools | {tool}, rules=last.rules | {rule})
            else:
                places.append(Place(path, start, end, frozenset({tool}), frozenset({rule})))
    return places


class Verdicts:
    """The judgements of a tree."""

    def __init__(self, file):
        rows = [line.split("\t") for line in read(file).splitlines() if line.strip()] if os.path.exists(file) else []
        self.numbered, self.patterns = {}, []
        for key, truth, reason in rows:
            assert truth in ("real", "not", "either"), f"{file}: {truth} is none of real, not, either"
            path, colon, number = key.rpartition(":")
            if colon and number.isdigit():
                self.numbered[path, int(number)] = truth, reason
            else:
                glob, _, pattern = key.partition("~")
                self.patterns.append((glob, pattern and re.compile(pattern), truth, reason))

    def of(self, place, lines):
        """What was judged of a place: truth and reason."""
        for number in range(place.start, place.end + 1):
            if (place.path, number) in self.numbered:
                return self.numbered[place.path, number]
        for glob, pattern, truth, reason in self.patterns:
            if fnmatch.fnmatchcase(place.path, glob) and (not pattern or any(map(pattern.search, lines))):
                return truth, reason
        return None

    def unfound(self, places):
        """Places judged real that no tool found."""
        found = {(p.path, n) for p in places for n in range(p.start, p.end + 1)}
        real = [(path, n) for (path, n), (truth, _) in self.numbered.items() if truth == "real"]
        return [Place(path, n, n, frozenset(), frozenset()) for path, n in sorted(set(real) - found)]


def lines_of(tree, place):
    return read(os.path.join(tree, place.path)).split("\n")[place.start - 1 : place.end]


def told(place, verdict, lines):
    marks = "".join(tool[0] if tool in place.tools else "." for tool in TOOLS)
    truth, reason = verdict or ("?", "")
    print(f"{marks}  {place.path}:{place.start}  {truth}  {reason}  [{', '.join(sorted(place.rules))}]")
    for line in lines[:3]:
        print("        " + line.strip()[:220])


def figures(judged, unfound):
    """For each tool how many real places it found, and how many false ones; then how many real ones there are."""
    truths = [(place, verdict and verdict[0]) for place, verdict in judged]
    real = sum(truth == "real" for _, truth in truths) + len(unfound)
    counts = {}
    for tool in TOOLS:
        hits = [truth for place, truth in truths if tool in place.tools]
        counts[tool] = hits.count("real"), hits.count("not")
    return counts, real


def share(of, all_of):
    return f"{100 * of / all_of:.0f} %" if all_of else "-"


def cell(hits, wrong, real):
    return f"{share(hits, real)}, {share(hits, hits + wrong)} ({hits}, {wrong})"


def alone(judged):
    """Which tools found what the others did not: how many real, how many false."""
    groups = collections.Counter()
    for place, verdict in judged:
        truth = verdict[0] if verdict else "unjudged"
        who = "all" if len(place.tools) == len(TOOLS) else " and ".join(t for t in TOOLS if t in place.tools)
        groups[who, truth] += 1
    return groups


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="+")
    parser.add_argument("--unleak", default="target/release/unleak")
    parser.add_argument("--peers", default="target/peers")
    parser.add_argument("--verdicts", default=".", help="folder of NAME.tsv")
    parser.add_argument("--kept", help="folder for what the peers found")
    parser.add_argument("--list", choices=["all", "differences", "unjudged", "wrong", "missed"])
    parser.add_argument("--lines", action="store_true", help="print the lines of the places, with the secrets")
    parser.add_argument("--alone", action="store_true", help="count places by who found them")
    options = parser.parse_args()
    tools = scanners(options.unleak, options.peers, TOOLS)
    sums, all_real = collections.defaultdict(lambda: [0, 0]), 0
    print("| | real | " + " | ".join(TOOLS) + " | unjudged |\n|" + "---|" * (len(TOOLS) + 3))
    for tree in map(os.path.normpath, options.trees):
        places = places_of({tool[0]: findings_of(tool, tree, options.kept) for tool in tools})
        verdicts = Verdicts(os.path.join(options.verdicts, os.path.basename(tree) + ".tsv"))
        judged = [(place, verdicts.of(place, lines_of(tree, place))) for place in places]
        unfound = verdicts.unfound(places)
        counts, real = figures(judged, unfound)
        unjudged = sum(verdict is None for _, verdict in judged)
        cells = [cell(*counts[tool], real) for tool in TOOLS]
        print(f"| {os.path.basename(tree)} | {real} | " + " | ".join(cells) + f" | {unjudged} |", flush=True)
        for tool in TOOLS:
            sums[tool] = [a + b for a, b in zip(sums[tool], counts[tool])]
        all_real += real
        listed = judged + [(place, ("real", "found by none")) for place in unfound]
        for place, verdict in listed if options.list else []:
            wanted = {
                "all": True,
                "differences": len(place.tools) < len(TOOLS),
                "unjudged": verdict is None,
                "wrong": verdict and verdict[0] == "not" and "unleak" in place.tools,
                "missed": verdict and verdict[0] == "real" and "unleak" not in place.tools,
            }
            if wanted[options.list]:
                told(place, verdict, lines_of(tree, place) if options.lines else [])
        if options.alone:
            for (who, truth), count in sorted(alone(judged).items()):
                print(f"    {count:4} {truth:8} {who}")
    if len(options.trees) > 1:
        print(f"| all | {all_real} | " + " | ".join(cell(*sums[tool], all_real) for tool in TOOLS) + " | |")


if __name__ == "__main__":
    main()
