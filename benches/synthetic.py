#!/usr/bin/env python3
"""Writes a synthetic history as a stream for `git fast-import`: the same one for the same arguments.

    git init --bare many.git && benches/synthetic.py --versions 10000 --bytes 1000000 | git -C many.git fast-import
    git -C many.git repack -adf --depth=50 --window=10

--versions N   commits, each of which changes one file            (default 1000)
--files N      files; the versions take turns                     (default 1)
--bytes N      the size of a file                                 (default 100000)
--edit N       bytes that a version changes, somewhere in its file (default 60)
--secrets N    versions, evenly spread, that hold an invented key  (default 3)
--seed N       another history of the same shape                  (default 1)
"""
import argparse
import base64
import random
import sys

ALPHABET = "abcdefghijklmnopqrstuvwxyz     \n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in [("versions", 1000), ("files", 1), ("bytes", 100_000), ("edit", 60), ("secrets", 3), ("seed", 1)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def key(numbers):
    """An invented key of the right shape, put together here so that none stands in this file."""
    part = lambda count: base64.urlsafe_b64encode(numbers.randbytes(count)).decode().rstrip("=")
    return ".".join(["SG", part(16), part(32)])


def main():
    asked = arguments()
    numbers = random.Random(asked.seed)
    text = lambda count: "".join(numbers.choices(ALPHABET, k=count)).encode()
    files = [bytearray(text(asked.bytes)) for _ in range(asked.files)]
    every = max(1, asked.versions // max(1, asked.secrets)) if asked.secrets else 0
    out = sys.stdout.buffer
    for version in range(asked.versions):
        which = version % asked.files
        held = files[which]
        at = numbers.randrange(max(1, len(held) - asked.edit))
        held[at:at + asked.edit] = text(asked.edit)
        shown = bytes(held)
        if every and version % every == every // 2:
            shown += f'\nkey = "{key(numbers)}"\n'.encode()
        message = f"version {version}".encode()
        out.write(b"commit refs/heads/main\n")
        out.write(b"committer Ada <ada@example.org> %d +0000\n" % (1_700_000_000 + 60 * version))
        out.write(b"data %d\n%s\n" % (len(message), message))
        out.write(b"M 100644 inline folder%d/file%d.txt\ndata %d\n" % (which % 7, which, len(shown)))
        out.write(shown + b"\n\n")


main()
