"""Says of each file whether it parses: a line "KIND<TAB>PATH" each on standard input, a line for each fault on
standard output. A kind is a grammar of tree-sitter's or one of the readers below."""

import configparser
import json
import sys
import tomllib
import xml.dom.minidom


def tree_sitter(kind, path):
    from tree_sitter_language_pack import get_parser

    root = get_parser(kind).parse(open(path, "rb").read()).root_node
    if not root.has_error:
        return
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            line, column = node.start_point
            raise ValueError(f"line {line + 1}, column {column + 1}: {node.text[:60]!r}")
        nodes.extend(reversed(node.children))


def yaml(path):
    import yaml as reader

    class Loader(reader.SafeLoader):
        """Takes tags that only the file's own program knows."""

    Loader.add_multi_constructor("!", lambda loader, tag, node: None)
    list(reader.load_all(open(path, encoding="utf-8"), Loader))


def ini(path):
    configparser.RawConfigParser(strict=False, allow_no_value=True).read_string(
        "[top]\n" + open(path, encoding="utf-8").read()
    )


def toml(path):
    tomllib.load(open(path, "rb"))


def json_file(path):
    json.load(open(path, encoding="utf-8"))


def xml_file(path):
    xml.dom.minidom.parse(path)


def hcl2(path):
    import hcl2 as reader

    reader.load(open(path, encoding="utf-8"))


def nginx(path):
    import crossplane

    for fault in crossplane.parse(path, single=True, strict=True)["errors"]:
        raise ValueError(fault["error"])


def kubernetes(path):
    import kubernetes_validate
    import yaml as reader

    for manifest in reader.safe_load_all(open(path, encoding="utf-8")):
        kubernetes_validate.validate(manifest, "1.30", strict=True)


READERS = {
    "yaml": yaml,
    "ini": ini,
    "toml": toml,
    "json": json_file,
    "xml": xml_file,
    "hcl2": hcl2,
    "nginx": nginx,
    "kubernetes": kubernetes,
}

for line in sys.stdin:
    kind, path = line.rstrip("\n").split("\t")
    try:
        READERS[kind](path) if kind in READERS else tree_sitter(kind, path)
    except Exception as fault:
        print(f"{kind}: {path}: {type(fault).__name__}: {fault}")
