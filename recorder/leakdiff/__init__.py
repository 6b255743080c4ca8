"""The program leakdiff, as a Python package: `python -m leakdiff` runs it where its script is not in PATH."""

import os
import sys
import sysconfig


def program():
    """Returns the path of the installed program; raises FileNotFoundError where there is none."""
    name = "leakdiff" + (sysconfig.get_config_var("EXE") or "")
    beside = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [
        sysconfig.get_path("scripts"),
        # `pip install --user`
        sysconfig.get_path("scripts", "nt_user" if os.name == "nt" else "posix_user"),
        # `pip install --target`
        os.path.join(beside, "Scripts" if os.name == "nt" else "bin"),
    ]
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError("%s is in none of %s" % (name, ", ".join(folders)))


def main():
    """Runs the program with the arguments of this process, and ends with its exit code."""
    arguments = [program()] + sys.argv[1:]
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.call(arguments))
    os.execv(arguments[0], arguments)
