#!/usr/bin/env python3
"""Records the memory of Python services for leakdiff. One file, no dependencies, Python 3.8 and later.

Inside a service, with the lines that allocate:

    import leakdiff_record
    leakdiff_record.start("/var/tmp/leak", every=60, frames=10)

From outside, without a change to the service:

    python3 leakdiff_record.py PID | --name NAME | --container ID   [--every SECONDS] [--output FILE]

Then `leakdiff /var/tmp/leak` or `leakdiff FILE`. docs/recording.md of leakdiff has the details and the cost.
"""
import argparse
import atexit
import logging
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict

try:
    import tracemalloc
except ImportError:
    # PyPy has none, nor has a sub-interpreter of Python 3.13.
    tracemalloc = None

__all__ = ["start", "stop", "snapshot"]
VERSION = 1
LOG = logging.getLogger("leakdiff_record")
# A snapshot that takes a larger share of the interval is followed by a pause.
MOST_COST = 0.05
# Seconds between two records: no wait of a thread may be longer than 49 days on Windows.
SHORTEST, LONGEST = 0.05, 4e6
# tracemalloc refuses more.
MOST_FRAMES = 65535
PREFIX = "leakdiff-"
IS_WINDOWS = os.name == "nt"
STATUS_KEYS = ("VmRSS", "RssAnon", "RssFile", "RssShmem", "VmSwap", "VmSize", "HugetlbPages", "Threads")
ROLLUP_KEYS = ("Pss", "Pss_Anon", "Pss_File", "Pss_Shmem", "SwapPss", "AnonHugePages", "LazyFree")


# --- what can be measured of a process -------------------------------------------------------------------------------


def _lines(path):
    """Returns the lines of a file; none where it cannot be read: a process ends while it is being measured."""
    try:
        # Without buffers, which would be the largest of what the recorder allocates in the service.
        with open(path, "rb", buffering=0) as file:
            return file.readall().decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []


def _fields(path, keys):
    """Returns the lines `Key: value` of a file with these keys, as the kernel writes them."""
    return [line.replace("\t", " ") for line in _lines(path) if line.partition(":")[0] in keys]


def memory_lines(pid):
    """Returns lines `VmRSS: 45056 kB` of what the system says of a process; none when it is gone."""
    if os.path.exists("/proc/self/status"):
        status = _fields("/proc/%d/status" % pid, STATUS_KEYS)
        # A zombie has a status without memory.
        if not any(line.startswith("VmRSS:") for line in status):
            return []
        return status + _fields("/proc/%d/smaps_rollup" % pid, ROLLUP_KEYS)
    return _windows_memory(pid) if IS_WINDOWS else _ps_memory(pid)


def _ps_memory(pid):
    """Returns the memory that ps knows of, in KiB: macOS and BSD have no /proc."""
    try:
        command = ["ps", "-o", "rss=,vsz=", "-p", str(pid)]
        found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return []
    return ["VmRSS: %d kB" % int(found[0]), "VmSize: %d kB" % int(found[1])] if len(found) == 2 else []


def _windows_memory(pid):
    """Returns the working set and the private bytes of a process of Windows."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [("cb", wintypes.DWORD), ("faults", wintypes.DWORD)] + [
            (name, ctypes.c_size_t)
            for name in ("peak_set", "set", "peak_paged", "paged", "peak_pool", "pool", "file", "peak_file", "private")
        ]

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    kernel.CloseHandle.argtypes = [wintypes.HANDLE]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return []
    counters = Counters(cb=ctypes.sizeof(Counters))
    is_known = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(handle)
    if not is_known:
        return []
    return ["VmRSS: %d kB" % (counters.set // 1024), "RssAnon: %d kB" % (counters.private // 1024)]


def cgroup_folder(pid):
    """Returns the folder with the memory files of a process's control group, of version 2 or 1; None if it has none."""
    for line in _lines("/proc/%s/cgroup" % pid):
        _, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        root = "/sys/fs/cgroup" if not controllers else "/sys/fs/cgroup/memory"
        if controllers and "memory" not in controllers.split(","):
            continue
        # Inside a container the path is that of the host, and the group is mounted at the root.
        for folder in (root + path, root):
            if any(os.path.exists(os.path.join(folder, name)) for name in ("memory.current", "memory.usage_in_bytes")):
                return folder
    return None


def cgroup_lines(folder):
    """Returns lines of the memory of a control group and its limit, in bytes."""
    if folder is None:
        return []
    lines = ["cgroup: " + folder]
    for name in ("memory.current", "memory.max", "memory.usage_in_bytes", "memory.limit_in_bytes"):
        lines += ["%s: %s B" % (name, value) for value in _lines(os.path.join(folder, name))[:1] if value.isdigit()]
    return lines if len(lines) > 1 else []


def _now():
    seconds = time.time()
    return "%s.%03dZ" % (time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)), int(seconds * 1000) % 1000)


def _program():
    """Returns the name of the script or the module that runs."""
    main = getattr(sys.modules.get("__main__"), "__spec__", None)
    if main is not None and main.name:
        return main.name[:-len(".__main__")] if main.name.endswith(".__main__") else main.name
    # A program that embeds Python may have no arguments.
    script = (getattr(sys, "argv", None) or [""])[0]
    return (os.path.basename(script) if isinstance(script, str) else "") or "python"


_last_warning = None


def _warn(what, error):
    """Reports an error, once where it repeats. A logger that is misconfigured is no error of the service either."""
    global _last_warning
    try:
        # Names of files have the number of the record.
        kind = (what, type(error), getattr(error, "errno", None) or str(error))
        if kind != _last_warning:
            _last_warning = kind
            LOG.warning("leakdiff_record %s: %s: %s", what, type(error).__name__, error)
    except Exception:
        pass


def _works_again():
    """Lets the same error be reported when it comes again."""
    global _last_warning
    _last_warning = None


def _is_main_interpreter():
    """Returns whether this is no sub-interpreter, such as those of mod_wsgi: tracemalloc deadlocks in them."""
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        # Python 3.13 has no tracemalloc in them.
        return True
    return interpreters.get_current() == interpreters.get_main()


# --- inside a service ------------------------------------------------------------------------------------------------


class _Recorder:
    """Writes a file for each moment: the memory of the process, and the stacks of what tracemalloc traces."""

    def __init__(self, directory, every, frames, top, max_bytes):
        self.directory = directory
        self.every, self.frames, self.top, self.max_bytes = every, frames, top, max_bytes
        self.lock = threading.Lock()
        self.begin()

    def begin(self):
        """Begins the recording of this process, which may be the child of another."""
        self.pid, self.number, self.took = os.getpid(), 0, 0.0
        self.last_snapshot = None
        self.stopped, self.thread = threading.Event(), None

    def start_thread(self, wait_first):
        if self.every is None:
            return
        thread = threading.Thread(target=self.run, args=(wait_first,), name="leakdiff-record", daemon=True)
        thread.start()
        self.thread = thread

    def run(self, wait_first):
        stopped, due = self.stopped, time.monotonic() + (self.every if wait_first else 0.0)
        while not stopped.wait(max(0.0, due - time.monotonic())):
            self.record()
            # A service that stood still does not catch up.
            due = max(due + self.every, time.monotonic())

    def record(self):
        """Writes one file. Whatever goes wrong is reported once and kept from the service."""
        if not self.lock.acquire(blocking=False):
            return
        try:
            self.write()
            _works_again()
        except Exception as error:
            _warn("cannot record and goes on", error)
        finally:
            self.lock.release()

    def write(self):
        self.number += 1
        lines = [
            "leakdiff-record %d: memory of a process, and the stacks of the blocks that tracemalloc traces" % VERSION,
            "time: " + _now(),
            "pid: %d" % self.pid,
            "program: " + _one_line(_program()),
            "python: %d.%d.%d on %s" % (sys.version_info[:3] + (sys.platform,)),
            "frames: %d" % (tracemalloc.get_traceback_limit() if tracemalloc else 0),
            "every: %s" % ("on request" if self.every is None else "%g s" % self.every),
        ]
        lines += memory_lines(self.pid) + cgroup_lines(cgroup_folder("self"))
        # Time on a processor: a machine that is busy makes no snapshot dearer.
        begin, spent, wait = time.monotonic(), time.thread_time(), self.took / MOST_COST
        is_tracing = tracemalloc is not None and tracemalloc.is_tracing()
        if is_tracing:
            lines.append("tracemalloc: %d B in its own tables" % tracemalloc.get_tracemalloc_memory())
        if not is_tracing:
            lines.append("skipped: %s" % ("tracemalloc was stopped" if tracemalloc else "there is no tracemalloc here"))
        elif self.last_snapshot is not None and self.every is not None and begin - self.last_snapshot < wait - 0.001:
            lines.append("skipped: the last snapshot took %.3f s, more than %g %% of the interval" % (
                self.took, 100 * MOST_COST))
        else:
            lines += self.stacks()
            self.last_snapshot, self.took = begin, time.thread_time() - spent
            # A snapshot that cost less than its share of the interval asks for no pause.
            if self.every is not None and self.took <= MOST_COST * self.every:
                self.took = 0.0
        self.write_whole("\n".join(lines) + "\nend\n")
        self.thin()

    def stacks(self):
        """Returns the largest stacks with their bytes and blocks, without those of the recorder itself."""
        # Sums that grow block by block would be new numbers, and tracemalloc notes each of them.
        sizes = defaultdict(list)
        for trace in _traces(tracemalloc.take_snapshot()):
            sizes[trace[2]].append(trace[1])
        sums = {frames: (sum(of_frames), len(of_frames)) for frames, of_frames in sizes.items()}
        del sizes
        # Not __file__, which is another where there is no source beside the bytecode.
        ours, own = {_one_line.__code__.co_filename, tracemalloc.take_snapshot.__code__.co_filename}, 0
        for frames in [frames for frames in sums if not ours.isdisjoint([frame[0] for frame in frames])]:
            own += sums.pop(frames)[0]
        ranked = sorted(sums, key=sums.get, reverse=True)
        shown, others = ranked[: self.top], [sums[frames] for frames in ranked[self.top:]]
        lines = ["traced: %d B" % sum(size for size, _ in sums.values())]
        lines.append("recorder: %d B of its own are left out" % own)
        if others:
            lines.append("list: %d of %d stacks, the largest; %d B in %d blocks of others" % (
                len(shown), len(ranked), sum(size for size, _ in others), sum(blocks for _, blocks in others)))
        else:
            lines.append("list: %d of %d stacks" % (len(ranked), len(ranked)))
        for frames in shown:
            lines.append("%d B in %d blocks" % sums[frames])
            lines += ["  %s:%d" % (_one_line(file), line) for file, line in frames]
        return lines

    def write_whole(self, text):
        """Writes a file under another name and renames it, so that whoever reads sees it whole or not at all."""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        while True:
            path = os.path.join(self.directory, "%s%s-%06d-pid%d.txt" % (PREFIX, stamp, self.number, self.pid))
            # A recorder that was stopped and started again counts anew, and so does the first process of a container.
            if not os.path.exists(path):
                break
            self.number += 1
        part = path + ".part"
        try:
            with open(part, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            os.replace(part, path)
        except OSError:
            # A full disk is not filled with files that are cut.
            try:
                os.remove(part)
            except OSError:
                pass
            raise

    def thin(self):
        """Removes records where all take up too many bytes: every second of the longest recording, but for its first
        and its newest. Where none has more than two, the oldest are removed: many workers have come and gone."""
        # Nothing is kept of a file as long as all is well: what is kept would grow with their number.
        if sum(_size(entry) for entry in self.records()) <= self.max_bytes:
            return
        recordings = defaultdict(list)
        for entry in self.records():
            recordings[entry.name.rpartition("-")[2]].append((entry.name, _size(entry)))
        total = sum(size for records in recordings.values() for _, size in records)
        while total > self.max_bytes:
            longest = max(recordings.values(), key=lambda records: (len(records) > 2, sum(size for _, size in records)),
                          default=[])
            longest.sort()
            removed = longest[1:-1:2]
            if not removed:
                own = "pid%d.txt" % self.pid
                others = {pid: records for pid, records in recordings.items() if pid != own}
                if not others:
                    return
                removed = recordings.pop(min(others, key=lambda pid: min(others[pid])))
            else:
                longest[1:-1] = longest[2:-1:2]
            for name, size in removed:
                total -= size
                try:
                    os.remove(os.path.join(self.directory, name))
                except OSError:
                    # Another worker was faster.
                    continue

    def records(self):
        """Yields the entries of all records in the directory."""
        with os.scandir(self.directory) as entries:
            for entry in entries:
                if entry.name.startswith(PREFIX) and entry.name.endswith(".txt"):
                    yield entry


def _size(entry):
    """Returns the bytes of an entry of a directory; none when another worker has removed it."""
    try:
        return entry.stat().st_size
    except OSError:
        return 0


def _traces(taken):
    """Returns the traces of a snapshot as tuples: their public objects cost three times as much."""
    raw = getattr(taken.traces, "_traces", None)
    if raw is not None:
        return raw
    return ((0, trace.size, tuple((frame.filename, frame.lineno) for frame in reversed(trace.traceback)))
            for trace in taken.traces)


def _one_line(text):
    return text.replace("\n", " ").replace("\r", " ")


_recorder = None
_is_registered = False


def start(directory, every=60.0, frames=10, top=500, max_bytes=100 << 20, on_signal=None):
    """Starts to record this process, and the processes that it forks, into files of a directory.

    every      seconds between two records, by a thread of its own; None: only on_signal and snapshot()
    frames     frames of a stack; ignored where tracemalloc was started before
    top        stacks of a record, the largest
    max_bytes  bytes of all records in the directory; beyond them every second of the older ones is removed
    on_signal  a signal that asks for a record, such as signal.SIGUSR2 (from the main thread only)

    Does nothing where directory is None or empty, or where it records already. Returns whether it records.
    Never raises.
    """
    global _recorder, _is_registered
    if not directory or _recorder is not None:
        return _recorder is not None
    is_tracer = False
    try:
        if not _is_main_interpreter():
            raise RuntimeError("this is a sub-interpreter")
        directory = os.path.abspath(os.fsdecode(directory))
        os.makedirs(directory, exist_ok=True)
        if not os.access(directory, os.W_OK):
            raise PermissionError("%s is not writable" % directory)
        recorder = _Recorder(directory, None if every is None else min(max(SHORTEST, float(every)), LONGEST),
                             min(max(1, int(frames)), MOST_FRAMES), max(1, int(top)), int(max_bytes))
        if tracemalloc is not None and not tracemalloc.is_tracing():
            tracemalloc.start(recorder.frames)
            is_tracer = True
        if _recorder is not None:
            # Another thread was faster.
            return True
        _recorder = recorder
        recorder.start_thread(wait_first=False)
        if not _is_registered:
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_child=_after_fork)
            atexit.register(stop)
            _is_registered = True
    except Exception as error:
        _recorder = None
        if is_tracer:
            tracemalloc.stop()
        _warn("does not record", error)
        return False
    if on_signal is not None:
        try:
            import signal

            signal.signal(on_signal, lambda *_: snapshot())
        except Exception as error:
            _warn("records, but not on a signal", error)
    return True


def _after_fork():
    if _recorder is None:
        return
    try:
        # The thread of the parent is not there, and may have held the lock.
        _recorder.lock = threading.Lock()
        _recorder.begin()
        _recorder.start_thread(wait_first=True)
    except Exception as error:
        _warn("does not record this child", error)


def snapshot():
    """Writes a record now: for a periodic task, or at a moment that the program knows. Never raises."""
    if _recorder is not None:
        _recorder.record()


def stop():
    """Stops to record. tracemalloc goes on where it was started. Never raises."""
    global _recorder
    recorder, _recorder = _recorder, None
    if recorder is None:
        return
    recorder.stopped.set()
    # A record that is being written is finished, unless it takes long.
    if recorder.thread is not None and recorder.thread is not threading.current_thread():
        try:
            recorder.thread.join(1.0)
        except Exception as error:
            _warn("does not wait for its thread", error)


# --- from outside ----------------------------------------------------------------------------------------------------


def _stat(pid):
    """Returns the parent of a process and the tick at which it started; None when it is gone."""
    text = "".join(_lines("/proc/%d/stat" % pid)[:1])
    fields = text[text.rfind(")") + 2:].split()
    return (int(fields[1]), int(fields[19])) if len(fields) > 19 else None


def _started(pid):
    """Returns the tick at which a process started. Its parent may change: a shell ends, and init takes it over."""
    return (_stat(pid) or (None, None))[1]


def _pids():
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _with_children(pids):
    """Returns processes and all that they started, in the order of their numbers."""
    children = {}
    for pid in _pids():
        stat = _stat(pid)
        if stat is not None:
            children.setdefault(stat[0], []).append(pid)
    found, waiting = set(), list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return sorted(found)


def _named(name):
    """Returns the processes whose program, script or name is this one."""
    found = []
    for pid in _pids():
        words = "".join(_lines("/proc/%d/cmdline" % pid)[:1]).split("\0")
        # python -X dev -u app.py
        while len(words) > 2 and words[1].startswith("-") and words[1] not in ("-m", "-c"):
            del words[1:3 if words[1] in ("-X", "-W") else 2]
        names = {os.path.basename(word) for word in words[:3]} | set(_lines("/proc/%d/comm" % pid)[:1])
        if name in names and pid != os.getpid():
            found.append(pid)
    return found


def _in_container(container):
    return [pid for pid in _pids() if any(container in line for line in _lines("/proc/%d/cgroup" % pid))]


def _block(pids, folder):
    """Returns the lines of one moment; none when all processes are gone."""
    lines = []
    for pid in pids:
        memory = memory_lines(pid)
        if memory:
            comm = _lines("/proc/%d/comm" % pid)[:1] or ["process"]
            lines += ["Name: " + _one_line(comm[0]), "Pid: %d" % pid] + memory
    return [_now()] + lines + cgroup_lines(folder) if lines else []


def watch(target, every, seconds, output, max_bytes):
    """Appends a block a moment until the processes are gone."""
    end = None if seconds is None else time.monotonic() + seconds
    first = {pid: _started(pid) for pid in target()}
    if not any(memory_lines(pid) for pid in first):
        sys.exit("leakdiff_record: no such process")
    due = time.monotonic()
    while True:
        # The number of a process that is gone may be given to another.
        pids = [pid for pid in target() if pid not in first or _started(pid) == first[pid]]
        folder = cgroup_folder(pids[0]) if pids else None
        lines = _block(_with_children(pids) if pids and _pids() else pids, folder)
        if not lines:
            return
        output = _rotated(output, max_bytes)
        output.write("\n".join(lines) + "\n\n")
        output.flush()
        due = max(due + every, time.monotonic())
        if end is not None and due > end:
            return
        time.sleep(max(0.0, due - time.monotonic()))


def _rotated(output, max_bytes):
    if output is sys.stdout or output.tell() < max_bytes:
        return output
    name = output.name
    output.close()
    os.replace(name, name + ".1")
    return _opened(name)


def _opened(name):
    output = open(name, "a", encoding="utf-8", errors="backslashreplace")
    if output.tell() == 0:
        output.write("# leakdiff-record %d: processes from outside, with their children\n" % VERSION)
    return output


def main():
    parser = argparse.ArgumentParser(
        prog="leakdiff_record.py", description="Record the memory of processes from outside, for leakdiff.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("pid", nargs="?", type=int, help="the process, with its children")
    which.add_argument("--name", help="all processes of this program, script or name")
    which.add_argument("--container", metavar="ID", help="all processes of a container, by its id or a part of it")
    parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="between two records (10)")
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end after them")
    parser.add_argument("--output", metavar="FILE", help="append to a file instead of standard output")
    parser.add_argument("--max-bytes", type=int, default=100 << 20, help="begin the file anew beyond them (100 MiB)")
    arguments = parser.parse_args()
    if arguments.name is not None:
        def target():
            return _named(arguments.name)
    elif arguments.container is not None:
        def target():
            return _in_container(arguments.container)
    else:
        def target():
            return [arguments.pid]
    if arguments.container == "":
        parser.error("the id of the container is empty")
    try:
        output = sys.stdout if arguments.output is None else _opened(arguments.output)
        watch(target, min(max(SHORTEST, arguments.every), LONGEST), arguments.seconds, output, arguments.max_bytes)
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # Whoever read it has enough; there is nothing to be written at the exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.exit("leakdiff_record: cannot write: %s" % error)


if __name__ == "__main__":
    main()
