"""Services that leak in one way each, or not at all; `python services.py KIND DIRECTORY SECONDS` runs one, recorded.

Lines of interest carry a mark in a comment: check.py looks for them in what leakdiff reports.
"""
import asyncio
import ctypes
import functools
import json
import mmap
import multiprocessing
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "recorder"))
import leakdiff_record  # noqa: E402

KEPT, BODY = [], json.dumps({"user": "a" * 400, "items": list(range(40))})


def keep(_request):
    KEPT.append(json.loads(BODY))  # mark: list


@functools.lru_cache(maxsize=150)
def rendered(number):
    return str(number) * 5_000  # mark: cache


def cache(request):
    rendered(request % 300)


def native(_request):
    ctypes.memset(libc.malloc(20_000), 1, 20_000)


def thread(request):
    if request % 10 == 0:
        threading.Thread(target=threading.Event().wait, daemon=True).start()  # mark: thread


def mapped(request):
    """Reads on in a mapped file, whose pages become resident."""
    _ = pages(tempfile.TemporaryFile)[request % MAPPED_PAGES * mmap.PAGESIZE]


def shared(request):
    """Writes on in shared memory."""
    pages(shared_memory_file)[request % MAPPED_PAGES * mmap.PAGESIZE] = 1


MAPPED_PAGES = 100_000


@functools.lru_cache(maxsize=None)
def pages(opened):
    file = opened()
    file.truncate(MAPPED_PAGES * mmap.PAGESIZE)
    return mmap.mmap(file.fileno(), 0)


def shared_memory_file():
    return tempfile.TemporaryFile(dir="/dev/shm")


def arenas(request):
    """Has more and more threads at once, each of which takes memory and gives nearly all of it back."""
    if request % 400 == 0:
        at_once = threading.Barrier(2 + request // 800)
        threads = [threading.Thread(target=take_and_give, args=(at_once,)) for _ in range(at_once.parties)]
        for started in threads:
            started.start()
        for started in threads:
            started.join()


def take_and_give(at_once):
    """Gives all blocks back but the last, beneath which the arena keeps the others."""
    at_once.wait()
    blocks = [libc.malloc(50_000) for _ in range(60)]
    for block in blocks:
        ctypes.memset(block, 1, 50_000)
    at_once.wait()
    for block in blocks[:-1]:
        libc.free(ctypes.c_void_p(block))


libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
HANDLERS = {
    "list": keep, "cache": cache, "native": native, "thread": thread,
    "mmap": mapped, "shm": shared, "arenas": arenas,
}


def environment():
    """Returns the arguments of the recorder."""
    sizes = {name: int(os.environ[name.upper()]) for name in ("frames", "top") if name.upper() in os.environ}
    return {"directory": os.environ["RECORDS"], "every": float(os.environ["EVERY"]), **sizes}


def serve(handler, seconds):
    end, request = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        request += 1
        handler(request)
        time.sleep(0.005)


async def serve_tasks(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        keep(None)
        await asyncio.sleep(0.005)


def serve_wsgi(seconds):
    from wsgiref.util import setup_testing_defaults

    def ask(_request):
        environ = {}
        setup_testing_defaults(environ)
        application(environ, lambda _status, _headers: None)

    serve(ask, seconds)


def application(environ, start_response):
    keep(environ)
    start_response("200 OK", [])
    return [b"ok"]


def recorded_application():
    """Returns an application whose requests leak, for gunicorn."""
    leakdiff_record.start(**environment())
    return application


def main():
    kind, seconds = sys.argv[1], float(sys.argv[2])
    leakdiff_record.start(**environment())
    if kind == "asyncio":
        asyncio.run(serve_tasks(seconds))
    elif kind == "wsgi":
        serve_wsgi(seconds)
    elif kind == "prefork":
        context = multiprocessing.get_context("fork")
        workers = [context.Process(target=serve, args=(handler, seconds)) for handler in (keep, cache)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    else:
        serve(HANDLERS[kind], seconds)


if __name__ == "__main__":
    main()
