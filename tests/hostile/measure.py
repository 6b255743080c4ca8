"""Runs a program within bounds and says what it cost."""
import os
import resource
import signal
import subprocess
import threading


class Run:
    def __init__(self, status, cpu, peak_mb, text, late):
        self.status, self.cpu, self.peak_mb, self.text, self.late = status, cpu, peak_mb, text, late

    @property
    def died(self):
        """A signal, or a panic."""
        return self.status < 0 or self.status in (101, 134) or "panicked" in self.text


def measure(program, args, folder, stdin=None, address_space=None, seconds=300):
    """Runs a program in a folder, for at most so many CPU seconds, and twenty times as long on a busy machine. Two
    threads: address space goes with their number."""
    def bounds():
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))

    out, err = os.path.join(folder, ".stdout"), os.path.join(folder, ".stderr")
    source = open(os.path.join(folder, stdin), "rb") if stdin else subprocess.DEVNULL
    feeder = subprocess.Popen(["cat"], stdin=source, stdout=subprocess.PIPE) if stdin else None
    env = {**os.environ, "RAYON_NUM_THREADS": "2", "NO_COLOR": "1", "TZ": "UTC"}
    with open(out, "wb") as o, open(err, "wb") as e:
        process = subprocess.Popen([program, *args], cwd=folder, stdout=o, stderr=e, env=env, preexec_fn=bounds,
                                   stdin=feeder.stdout if feeder else subprocess.DEVNULL)
        if feeder:
            feeder.stdout.close()
        late = threading.Event()

        def stop():
            late.set()
            os.kill(process.pid, signal.SIGKILL)

        timer = threading.Timer(20 * seconds, stop)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    process.returncode = 0
    if feeder:
        feeder.wait()
        source.close()
    text = head(err) + head(out)
    code = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(code, cpu, usage.ru_maxrss / 1024, text, late.is_set() or code < 0 and cpu >= int(seconds))


def head(path, most=20_000):
    with open(path, "rb") as file:
        return file.read(most).decode(errors="replace")


def apart(make, *args):
    """Runs a function in a process of its own: the memory of this one is the least that a child is charged with."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            make(*args)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError("an input could not be made")
