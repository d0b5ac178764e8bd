#!/usr/bin/env python3
"""Counts pairs of neighbouring characters in the files below some folders and prints the tables of
src/detect/rarity.rs: for each class of character the binary logarithm of how often it, and each pair that it begins,
stands in a thousand million characters, as a letter (A is 0).

usage: benches/pairs.py DIR..."""
import math
import os
import sys

CLASSES = "abcdefghijklmnopqrstuvwxyz0_-./:= \"(*"


def class_of(byte):
    char = chr(byte).lower()
    if "a" <= char <= "z":
        return ord(char) - 97
    if char.isdigit() and byte < 128:
        return CLASSES.index("0")
    if char == "'":
        char = '"'
    if char == "\t":
        char = " "
    at = CLASSES.find(char, 26)
    return at if at >= 0 and byte < 128 else len(CLASSES) - 1


def main():
    translation = bytes(class_of(byte) for byte in range(256))
    pairs = [[0] * len(CLASSES) for _ in CLASSES]
    for folder in sys.argv[1:]:
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(names):
                path = os.path.join(place, name)
                if os.path.islink(path) or os.path.getsize(path) > 300_000:
                    continue
                with open(path, "rb") as file:
                    text = file.read()
                if b"\0" in text[:8000]:
                    continue
                text = text.translate(translation)
                for first, second in zip(text, text[1:]):
                    pairs[first][second] += 1
    total = sum(map(sum, pairs))

    def letter(count):
        return chr(65 + max(0, min(25, round(math.log2(max(count, 1) / total * 1e9)) - 5)))

    print("SINGLE", "".join(letter(sum(row)) for row in pairs))
    for row in pairs:
        print("".join(map(letter, row)))


main()
