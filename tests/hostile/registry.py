"""What a hostile input is: how its files are made, and which exit codes and words are right."""
import os

CASES = []
OK, FOUND, ERROR = 0, 1, 2


class Case:
    def __init__(self, name, quick, full, exits, words, make, args, stdin):
        self.name, self.quick, self.full, self.exits, self.words = name, quick, full, exits, words
        self.make, self.args, self.stdin = make, args, stdin


def case(name, quick, full, exits, words="", args=("--check", "log"), stdin=False):
    """Registers a case; the function returns the pieces of `log`, or makes files itself in the current folder.

    `n` is its size: `quick` in CI, `full` in the table of the documentation.
    """
    def register(make):
        CASES.append(Case(name, quick, full, exits, words, make, list(args), stdin))
        return make
    return register


def write(path, pieces):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        for piece in pieces:
            out.write(piece)


def write_below(folders, pieces):
    """Writes `a.log` below so many folders, one in the other: deeper than a path may be long."""
    os.makedirs("logs")
    here = os.open("logs", os.O_RDONLY)
    for _ in range(folders):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with open(os.open("a.log", os.O_CREAT | os.O_WRONLY, dir_fd=here), "wb") as log:
        log.writelines(pieces)
    os.close(here)


def one(name, exits, words, pieces, **more):
    """Registers a case of one size."""
    case(name, 1, 1, exits, words, **more)(lambda n: pieces)
