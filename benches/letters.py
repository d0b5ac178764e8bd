"""Trains the table of letters that src/judge/letters.rs reads, and says how well it tells words from random text.

    python3 benches/letters.py [--write] [FOLDER…]

Trains on the words of the project's own sources, rules and documents; measures on the words of the folders that
the project does not use, and on as many random strings. --write replaces src/judge/letters.txt.

The table has a line for each pair of letters before (`^` is the start of a word) and in it a character for each
letter: eight steps a bit, 56 for a letter that is as likely as one in 26.
"""

import collections
import math
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CONTEXT = "^" + LETTERS


def words(text):
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return [word.lower() for word in re.findall(r"[A-Za-z]{3,}", text)]


def own_words():
    names = subprocess.run(["git", "-C", ROOT, "ls-files"], check=True, capture_output=True, text=True).stdout.split()
    counts = collections.Counter()
    for name in names:
        if name.endswith((".rs", ".md", ".toml", ".py")):
            counts.update(words((ROOT / name).read_text(errors="ignore")))
    return {word for word, count in counts.items() if count >= 2 and len(word) <= 16}


def trained(vocabulary):
    single, double, triple = (collections.Counter() for _ in range(3))
    after_one, after_two = collections.Counter(), collections.Counter()
    for word in vocabulary:
        text = "^^" + word
        for at in range(2, len(text)):
            single[text[at]] += 1
            double[text[at - 1 : at + 1]] += 1
            after_one[text[at - 1]] += 1
            triple[text[at - 2 : at + 1]] += 1
            after_two[text[at - 2 : at]] += 1
    total = sum(single.values())

    def bits(context, letter):
        one = (single[letter] + 1) / (total + 26)
        two = (double[context[1] + letter] + 8 * one) / (after_one[context[1]] + 8)
        three = (triple[context + letter] + 4 * two) / (after_two[context] + 4)
        return math.log2(26 * three)

    rows = []
    for first in CONTEXT:
        for second in CONTEXT:
            steps = [min(93, max(0, round(56 + 8 * bits(first + second, letter)))) for letter in LETTERS]
            rows.append("".join(chr(33 + step) for step in steps))
    return rows


def score(rows, word):
    text = "^^" + word
    steps = 0
    for at in range(2, len(text)):
        row = rows[CONTEXT.index(text[at - 2]) * 27 + CONTEXT.index(text[at - 1])]
        steps += ord(row[LETTERS.index(text[at])]) - 33 - 56
    return steps / 8 / len(word)


def measured(rows, unseen):
    print("letters | unseen words | random above 0 | words above 0")
    for length in (4, 5, 6, 8, 10, 12):
        of_length = sorted(word for word in unseen if len(word) == length)
        if not of_length:
            continue
        made = ["".join(random.choice(LETTERS) for _ in range(length)) for _ in range(3000)]
        share = lambda texts: sum(score(rows, text) > 0 for text in texts) / len(texts)
        print(f"{length:7} | {len(of_length):12} | {share(made):14.3f} | {share(of_length):13.3f}")


def main():
    random.seed(1)
    vocabulary = own_words()
    rows = trained(vocabulary)
    print(f"{len(vocabulary)} words")
    if "--write" in sys.argv:
        (ROOT / "src/judge/letters.txt").write_text("\n".join(rows) + "\n")
    unseen = set()
    for folder in [argument for argument in sys.argv[1:] if not argument.startswith("--")]:
        for path in pathlib.Path(folder).rglob("*"):
            if path.suffix in (".py", ".rb", ".c", ".md", ".php", ".go") and path.is_file():
                unseen.update(words(path.read_text(errors="ignore")))
    measured(rows, unseen - vocabulary)


main()
