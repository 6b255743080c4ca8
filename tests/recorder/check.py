#!/usr/bin/env python3
"""Records real services with the recorder, from inside and from outside, and holds what leakdiff reports against them.

usage: check.py LEAKDIFF [--seconds N] [--python PYTHON ...]

Needs gunicorn in the Python that runs it. Prints a line for each service; ends with 1 if one is wrong.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SERVICES = os.path.join(HERE, "services.py")
RECORDER = os.path.join(HERE, "..", "..", "recorder", "leakdiff_record.py")
LOOP = os.path.join(HERE, "..", "..", "recorder", "leakdiff_record.sh")
EVERY = 0.25
# A few bytes of a server that answers are no finding.
MATERIAL = 4096
# Services that run side by side. Each takes a tenth of a core: a machine that starves a service stops its growth.
AT_ONCE = 4


def marked(mark):
    """Returns the end of the name of the site with a mark: `services.py:24`."""
    for number, line in enumerate(open(SERVICES), 1):
        if line.rstrip().endswith("# mark: " + mark):
            return "services.py:%d" % number
    raise SystemExit("no mark " + mark)


class Service:
    """A service that runs, or has run, and its records."""

    def __init__(self, folder, name, command, seconds):
        self.name, self.records = name, os.path.join(folder, name)
        os.makedirs(self.records)
        self.errors = open(os.path.join(folder, name + ".err"), "w+")
        environment = dict(os.environ, RECORDS=self.records, EVERY=str(EVERY), PYTHONDONTWRITEBYTECODE="1")
        self.process = subprocess.Popen(command, env=environment, cwd=HERE, stdout=self.errors, stderr=self.errors)
        self.seconds = seconds

    def wait(self):
        self.process.wait(timeout=self.seconds + 120)
        self.errors.seek(0)
        return self.errors.read()


def report(leakdiff, *paths):
    """Returns the document of leakdiff on some paths."""
    run = subprocess.run([leakdiff, "--no-config", "--format", "json", *paths], stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        raise AssertionError("leakdiff ended with %d on %s" % (run.returncode, paths))
    return json.loads(run.stdout)


def growing_sites(document):
    return [site["site"] for site in document["sites"] if site["trend"]["verdict"] == "growing"]


def verdicts(document, metric):
    return [p["trend"]["verdict"] for p in document["processes"] if p["metric"] == metric]


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def never_the_recorder(document):
    expect(not any("leakdiff_record" in site["site"] for site in document["sites"]), "the recorder is a site")


def finds_the_line(mark, processes=1, own_too=()):
    def check(document):
        never_the_recorder(document)
        sites = growing_sites(document)
        found = [site for site in sites if marked(mark) in site]
        expect(len(found) >= processes, "%s is not growing: %s" % (marked(mark), sites[:5]))
        expect("growing" in verdicts(document, "VmRSS") + verdicts(document, "RssAnon"), "the process does not grow")
        others = [site["site"] for site in document["sites"] if site["site"] in sites
                  and site["last_bytes"] - site["first_bytes"] > MATERIAL and not any(
                      own in site["site"] for own in ("services.py", *own_too))]
        expect(not others, "others grow: %s" % others[:5])
    return check


def finds_nothing(document):
    never_the_recorder(document)
    expect(not growing_sites(document), "growing: %s" % growing_sites(document)[:5])
    # A process whose cache is full may still take pages; its sites tell.
    expect("growing" not in verdicts(document, "VmRSS"), "the process grows")


def finds_native(document):
    never_the_recorder(document)
    expect(not growing_sites(document), "growing: %s" % growing_sites(document)[:5])
    expect("growing" in verdicts(document, "RssAnon"), "the process does not grow")
    explained = (document.get("attribution") or {}).get("explained", {}).get("value", 0.0)
    expect(explained < 0.2, "the sites explain %g of it" % explained)


def finds_threads(document):
    # A thread allocates for itself what its starter does not.
    finds_the_line("thread", own_too=["threading.py"])(document)
    expect("growing" in verdicts(document, "Threads"), "the number of threads does not grow")


def tells_workers_apart(names):
    def check(document):
        # The dates of gunicorn's answers: it keeps up to two hundred, and may still fill at the end.
        finds_the_line("list", own_too=["email/utils.py"])(document)
        pids = {re.search(r"\d+", p.get("subject", {}).get("id") or p["process"] or "").group()
                for p in document["processes"] if p["metric"] == "VmRSS"}
        expect(len(pids) >= names, "processes: %s" % pids)
    return check


def grows_from_outside(document):
    expect("growing" in verdicts(document, "VmRSS") + verdicts(document, "RssAnon"), "the process does not grow")


def ask(port, seconds):
    """Sends requests to a server, as soon as it answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen("http://127.0.0.1:%d/" % port, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        time.sleep(0.002)


# Commands of other machines, which run here what they would run there.
ELSEWHERE = """#!/bin/sh
shift 2
[ "$1" = -- ] && shift
exec sh -c "$(printf %s "$3" | sed "s:/proc/1/:/proc/$PID/:g")"
"""


def snippets(folder):
    """Returns a task for each snippet of docs/recording.md: a function of the program."""
    text = open(os.path.join(HERE, "..", "..", "docs", "recording.md")).read()
    found = re.findall(r"```(sh|python)\n(.*?)```", text, re.S)
    expect(len(found) >= 9, "docs/recording.md has %d snippets" % len(found))
    work = os.path.join(folder, "snippets")
    os.makedirs(work)
    for source in (RECORDER, LOOP):
        with open(os.path.join(work, os.path.basename(source)), "w") as copy:
            copy.write(open(source).read())
    for command in ("docker", "kubectl"):
        path = os.path.join(work, command)
        with open(path, "w") as shim:
            shim.write(ELSEWHERE)
        os.chmod(path, 0o755)

    def task(here, language, snippet):
        def check(leakdiff):
            # Faster than people would, and where this machine may write.
            faster = re.sub(r"\b10\b(?=;| >>| --output)", "0.5", snippet).replace("/var/tmp/leak", here)
            faster = faster.replace("every=60", "every=0.5")
            try:
                if language == "sh":
                    of_shell(work, here, faster)
                else:
                    of_python(work, here, faster)
                document = report(leakdiff, here)
                expect(document["processes"] and document["processes"][0]["samples"] >= 3, "too few samples")
                return [(True, "snippet: %s" % faster.strip().splitlines()[-1][:70])]
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                return [(False, "snippet: %s\n%s" % (faster, error))]
        return check

    tasks = []
    for number, (language, snippet) in enumerate(found):
        here = os.path.join(work, str(number))
        os.makedirs(here)
        tasks.append(task(here, language, snippet))
    return tasks


SAFE = """
import logging, os, resource, shutil, signal, sys, threading, time, tracemalloc
import leakdiff_record
here = sys.argv[1]
# Off, it does nothing.
assert not leakdiff_record.start(None) and not leakdiff_record.start("")
leakdiff_record.snapshot()
leakdiff_record.stop()
assert not tracemalloc.is_tracing() and threading.active_count() == 1
# What cannot be had is no error of the service.
assert not leakdiff_record.start(os.path.join(os.devnull, "x"))
assert not leakdiff_record.start(here, every="often")
assert not tracemalloc.is_tracing() and threading.active_count() == 1
# The folder keeps its bound, the first record and the last.
assert leakdiff_record.start(here, every=None, max_bytes=40_000)
kept = []
for number in range(60):
    kept.append(bytes(1000))
    leakdiff_record.snapshot()
files = sorted(os.listdir(here))
sizes = [os.path.getsize(os.path.join(here, name)) for name in files]
assert sum(sizes) <= 40_000 + max(sizes) and len(files) > 5, (sum(sizes), len(files))
assert "-000001-" in files[0] and "-000060-" in files[-1], files
# Workers that come and go keep the bound as well.
for _ in range(40):
    worker = os.fork()
    if not worker:
        leakdiff_record.snapshot()
        os._exit(0)
    os.waitpid(worker, 0)
sizes = [os.path.getsize(os.path.join(here, name)) for name in os.listdir(here)]
assert sum(sizes) <= 40_000 + max(sizes), sum(sizes)
# A folder that goes away is no error either, and is reported once. Nor is a logger that raises.
said = []
class Handler(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
        raise OSError("the log is full")
logging.getLogger().addHandler(Handler())
shutil.rmtree(here)
leakdiff_record.snapshot()
leakdiff_record.snapshot()
os.makedirs(here)
leakdiff_record.snapshot()
assert len(os.listdir(here)) == 1 and len(said) == 1, said
# A disk that is full leaves nothing that is cut.
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
leakdiff_record.snapshot()
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
assert len(os.listdir(here)) == 1, os.listdir(here)
# Each start goes on with records of its own, however fast.
for number in range(3):
    leakdiff_record.stop()
    assert leakdiff_record.start(here, every=None)
    leakdiff_record.snapshot()
assert len(os.listdir(here)) == 4, os.listdir(here)
leakdiff_record.stop()
# Values that no thread can wait for, and a program without arguments or with a signal that cannot be had.
del sys.argv
before = len(os.listdir(here))
assert leakdiff_record.start(here, every=float("inf"), frames=10**9, top=0, on_signal=signal.SIGKILL)
end = time.monotonic() + 20
while len(os.listdir(here)) == before and time.monotonic() < end:
    time.sleep(0.05)
time.sleep(0.2)
assert leakdiff_record._recorder.thread.is_alive() and len(os.listdir(here)) == before + 1
leakdiff_record.stop()
assert threading.active_count() == 1
"""

# tracemalloc deadlocks in a sub-interpreter, up to Python 3.12.
WITHIN = """
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
import sys
within = interpreters.create()
interpreters.run_string(within, "import leakdiff_record; assert not leakdiff_record.start(%r)" % sys.argv[1])
interpreters.destroy(within)
"""


def safety(folder):
    """Returns a task for each promise of the recorder."""
    def from_inside(number, name, code):
        def check(_leakdiff):
            here = os.path.join(folder, "safe-%d" % number)
            os.makedirs(here)
            try:
                run = subprocess.run([sys.executable, "-c", code, here], stderr=subprocess.PIPE, text=True, check=False,
                                     env=dict(os.environ, PYTHONPATH=os.path.dirname(RECORDER)), timeout=120)
                wrong = run.stderr[-600:] if run.returncode else ""
            except subprocess.TimeoutExpired:
                wrong = "does not end"
            return [(not wrong, "%s %s" % (name, wrong))]
        return check

    def gone(_leakdiff):
        run = subprocess.run([sys.executable, RECORDER, "4194305"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             text=True, check=False, timeout=60)
        return [(run.returncode == 1 and "no such" in run.stderr, "a process that does not exist")]

    def orphaned(_leakdiff):
        parent = subprocess.Popen(["sh", "-c", "sleep 4 > /dev/null & echo $!; sleep 1"], stdout=subprocess.PIPE, text=True)
        child = parent.stdout.readline().strip()
        watched = subprocess.run([sys.executable, RECORDER, child, "--every", "0.2"], stdout=subprocess.PIPE, text=True,
                                 check=False, timeout=60)
        parent.wait()
        # It is recorded to its end.
        return [(watched.stdout.count("VmRSS") > 10, "a process whose parent ends")]

    return [from_inside(0, "no effect when off, bounded, never raises", SAFE),
            from_inside(1, "none in a sub-interpreter", WITHIN), gone, orphaned]


def of_shell(work, here, snippet):
    service = subprocess.Popen(["sleep", "4"])
    for name in ("leakdiff_record.py", "leakdiff_record.sh"):
        os.symlink(os.path.join(work, name), os.path.join(here, name))
    environment = dict(os.environ, PID=str(service.pid), CONTAINER="shop", POD="shop-0",
                       PATH=work + os.pathsep + os.environ["PATH"])
    run = subprocess.Popen(["sh", "-c", snippet], cwd=here, env=environment)
    service.wait()
    run.wait(timeout=30)
    for name in ("leakdiff_record.py", "leakdiff_record.sh"):
        os.remove(os.path.join(here, name))


def of_python(work, here, snippet):
    """Runs lines that start the recorder, and then whatever asks for records."""
    after = """
import os, signal, time
for _ in range(5):
    globals().get("post_fork", lambda server, worker: None)(None, None)
    globals().get("periodic_task", lambda: None)()
    if "SIGUSR2" in SNIPPET:
        os.kill(os.getpid(), signal.SIGUSR2)
    time.sleep(0.7)
"""
    environment = dict(os.environ, PYTHONPATH=work, LEAKDIFF_RECORD=here)
    # The default interval is too long for a test.
    faster = "import leakdiff_record\nleakdiff_record.start.__defaults__ = (0.5, *leakdiff_record.start.__defaults__[1:])\n"
    code = "SNIPPET = %r\n%s%s%s" % (snippet, faster, snippet, after)
    subprocess.run([sys.executable, "-c", code], cwd=work, env=environment, check=True, timeout=60)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("leakdiff")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--python", nargs="*", default=[], help="other Pythons, which run the list leak")
    arguments = parser.parse_args()
    leakdiff, seconds = os.path.abspath(arguments.leakdiff), arguments.seconds
    with tempfile.TemporaryDirectory() as folder:
        failures = run(leakdiff, seconds, arguments.python, folder)
    sys.exit(1 if failures else 0)


def judge(leakdiff, name, check, *paths):
    """Whether leakdiff reports what a service did, and a line that says so."""
    try:
        document = report(leakdiff, *paths)
        check(document)
        return True, "%-28s %s" % (name, ", ".join(growing_sites(document))[:60])
    except (AssertionError, OSError, ValueError, AttributeError) as error:
        return False, "%-28s %s" % (name, error)


def services(folder, seconds, pythons):
    """Returns a task for each service."""
    def of(kind, python=sys.executable):
        return [python, SERVICES, kind, str(seconds)]

    def from_inside(name, command, expected):
        def check(leakdiff):
            service = Service(folder, name, command, seconds)
            said = service.wait()
            if "leakdiff_record" in said or "Traceback" in said:
                print(said[-2000:], file=sys.stderr)
            return [judge(leakdiff, name, expected, service.records)]
        return check

    def gunicorn(leakdiff):
        port = 20000 + os.getpid() % 20000
        service = Service(folder, "gunicorn", [
            sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "2", "--bind", "127.0.0.1:%d" % port,
            "services:recorded_application()"], seconds)
        ask(port, seconds)
        service.process.send_signal(signal.SIGTERM)
        service.wait()
        return [judge(leakdiff, "gunicorn", tells_workers_apart(2), service.records)]

    def killed(_leakdiff):
        # Killed at any moment: each file is whole, but for one that was not renamed yet.
        service = Service(folder, "killed", of("list"), seconds)
        time.sleep(min(8.0, seconds / 2))
        service.process.kill()
        service.wait()
        files = sorted(glob.glob(os.path.join(service.records, "*.txt")))
        parts = glob.glob(os.path.join(service.records, "*.part"))
        whole = [path for path in files if open(path).read().endswith("\nend\n")]
        is_right = bool(files) and whole == files and len(parts) <= 1
        return [(is_right, "%-28s %d of %d files are whole, %d parts" % ("killed", len(whole), len(files), len(parts)))]

    def outside(leakdiff):
        # Of the services that run meanwhile this one alone has the name.
        alone = os.path.join(folder, "outside.py")
        os.symlink(SERVICES, alone)
        service = Service(folder, "outside", [sys.executable, alone, "list", str(seconds)], seconds)
        by_pid, by_name, by_loop = (os.path.join(folder, name) for name in ("pid.txt", "name.txt", "loop.txt"))
        time.sleep(0.5)
        pid = str(service.process.pid)
        recorders = [
            subprocess.Popen([sys.executable, RECORDER, pid, "--every", str(EVERY), "--output", by_pid]),
            subprocess.Popen([sys.executable, RECORDER, "--name", "outside.py", "--every", str(EVERY), "--output", by_name]),
            subprocess.Popen(["sh", LOOP, pid, "1"], stdout=open(by_loop, "w")),
        ]
        service.wait()
        for recorder in recorders:
            # They end with the process.
            recorder.wait(timeout=30)
        return [judge(leakdiff, name, grows_from_outside, path) for name, path in (
            ("outside, by pid", by_pid), ("outside, by name", by_name), ("outside, in a shell", by_loop))]

    tasks = [from_inside(kind, of(kind), expected) for kind, expected in (
        ("list", finds_the_line("list")),
        ("cache", finds_nothing),
        ("native", finds_native),
        ("thread", finds_threads),
        ("asyncio", finds_the_line("list")),
        ("wsgi", finds_the_line("list")),
        ("prefork", tells_workers_apart(3)),
    )]
    for python in pythons:
        name = "list-" + os.path.basename(os.path.dirname(os.path.dirname(os.path.realpath(python))))
        tasks.append(from_inside(name, of("list", python), finds_the_line("list")))
    return [*tasks, gunicorn, outside, killed]


def run(leakdiff, seconds, pythons, folder):
    """Returns the number of things that are not as they should be."""
    failures = 0
    # Most of the time of each task is waiting; promises and snippets need less of the machine than the services.
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as heavy, concurrent.futures.ThreadPoolExecutor(2) as light:
        tasks = [heavy.submit(task, leakdiff) for task in services(folder, seconds, pythons)]
        tasks += [light.submit(task, leakdiff) for task in safety(folder) + snippets(folder)]
        for task in tasks:
            for is_right, text in task.result():
                failures += not is_right
                print("%s %s" % ("ok     " if is_right else "WRONG  ", text), flush=True)
    return failures


if __name__ == "__main__":
    main()
