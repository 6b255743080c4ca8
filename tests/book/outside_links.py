"""A preprocessor of mdBook: links that leave docs/ lead to the repository (`git-repository-url` of book.toml)."""
import json
import re
import sys


def chapters(part):
    """Yields all chapters below a part of the book, at any depth."""
    if isinstance(part, dict):
        if "content" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from chapters(each)


if sys.argv[1:2] != ["supports"]:
    context, book = json.load(sys.stdin)
    repository = context["config"]["output"]["html"]["git-repository-url"]
    for chapter in chapters(book):
        chapter["content"] = re.sub(r"\]\(\.\./", f"]({repository}/blob/main/", chapter["content"])
    json.dump(book, sys.stdout)
