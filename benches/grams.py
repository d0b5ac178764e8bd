#!/usr/bin/env python3
"""Counts runs of four characters in the files below some folders and writes src/detect/grams.rs: the most common ones
in order, and for each, as a letter, four times the binary logarithm of how often it stands there beside the rarest of
them ('#' is 0). The bits that tell capitals are set first, as where anchors are looked for.

usage: benches/grams.py DIR... > src/detect/grams.rs"""
import collections
import math
import os
import sys

MOST = 3072
# No folder outweighs the others.
BYTES_A_FOLDER = 6_000_000


def texts(folder):
    left = BYTES_A_FOLDER
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = os.path.join(place, name)
            if left <= 0 or os.path.islink(path) or os.path.getsize(path) > 100_000:
                continue
            with open(path, "rb") as file:
                text = file.read()
            if b"\0" not in text[:8000]:
                left -= len(text)
                yield text


def literal(bytes_):
    return "".join(
        {34: '\\"', 92: "\\\\"}.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in bytes_
    )


def lines(pieces, bytes_a_line):
    for at in range(0, len(pieces), bytes_a_line):
        yield f'    b"{literal(pieces[at : at + bytes_a_line])}",'


def main():
    fold = bytes(byte | 0x20 for byte in range(256))
    counts = collections.Counter()
    for folder in sys.argv[1:]:
        for text in texts(folder):
            text = text.translate(fold)
            counts.update(text[at : at + 4] for at in range(len(text) - 3))
    common = counts.most_common(MOST)
    rarest = common[-1][1]
    common = sorted((gram, round(4 * math.log2(count / rarest))) for gram, count in common)
    grams = b"".join(gram for gram, _ in common)
    levels = bytes(35 + min(level, 80) for _, level in common)
    print("//! The most common runs of four characters in source and prose, counted by `benches/grams.py` over ten")
    print("//! repositories in as many languages. `build.rs` reads this file too.")
    print()
    print("/// The runs in order, with the bits set that tell capitals; 24 in a row.")
    print("#[rustfmt::skip]")
    print(f"pub(crate) const GRAMS: [&[u8; 96]; {len(grams) // 96}] = [")
    print("\n".join(lines(grams, 96)))
    print("];")
    print()
    print("/// How common each is, in the same order.")
    print("#[rustfmt::skip]")
    print(f"pub(crate) const LEVELS: [&[u8; 96]; {len(levels) // 96}] = [")
    print("\n".join(lines(levels, 96)))
    print("];")


main()
