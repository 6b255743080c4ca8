"""Pieces that hostile inputs are made of. Each yields bytes, so that no input is held whole."""
import bz2
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib

START = 1716465395
MIB = 1 << 20


def report(samples, step=40, start=100_000, key="VmRSS", noise=0):
    """Samples of one process, ten minutes apart."""
    for n in range(samples):
        yield b"%d\n%s:\t%d kB\n" % (START + 600 * n, key.encode(), start + step * n + (n * 7919 % (noise + 1)))


def sites(count, snapshots=1, name="/srv/app/m%d.py", step=0):
    """Snapshots of sites, a thousand to a file."""
    for k in range(snapshots):
        yield b"2024-05-23T%02d:%02d:00Z INFO [ Top lines ]\n" % (k // 60, k % 60)
        for n in range(count):
            file = (name % (n // 1000)).encode()
            size = 64 * (2 * count - n) + k * step
            yield b"%s:%d: size=%d B, count=%d, average=64 B\n" % (file, n % 1000 + 1, size, size // 64)


def plain(size):
    """An ordinary log of this size: requests, and one sample of memory in a hundred lines."""
    line = b"2024-05-23 11:%02d:%02d.120 1 INFO service.api [-] GET /v1/nodes 200 len: 1372 time: 0.0312\n"
    n = written = 0
    while written < size:
        piece = line % (n // 60 % 60, n % 60) if n % 100 else b"VmRSS:\t%d kB\n" % (100_000 + n % 700)
        written += len(piece)
        n += 1
        yield piece


def times(piece, count):
    """A piece again and again, a few hundred KiB at a time."""
    at_once = max(1, min(count, (256 << 10) // max(1, len(piece))))
    block = piece * at_once
    for _ in range(count // at_once):
        yield block
    yield piece * (count % at_once)


def gz(pieces, level=1):
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def bz(pieces):
    packer = bz2.BZ2Compressor(1)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def xz(pieces):
    packer = lzma.LZMACompressor(preset=0)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def zst(pieces, window=0x00):
    """zstd without a compressor: raw blocks, and a block of one byte repeated where a piece has only one."""
    yield b"\x28\xb5\x2f\xfd\x00" + bytes([window or 0x58])
    for piece in pieces:
        for at in range(0, len(piece), 1 << 17):
            block = piece[at : at + (1 << 17)]
            same = block.count(block[:1]) == len(block)
            kind, body = (1, block[:1]) if same else (0, block)
            yield struct.pack("<I", kind << 1 | len(block) << 3)[:3] + body
    yield b"\x01\x00\x00"


def zst_frame_to_skip(length):
    return struct.pack("<II", 0x184D2A50, length) + b"\0" * length


def xz_with_dictionary(pieces, exponent):
    """An xz archive whose header asks for a dictionary of 2 or 3 times 2^n bytes."""
    packed = bytearray(b"".join(xz(pieces)))
    length = 4 * (packed[12] + 1)
    at = packed.index(b"\x21\x01", 13)
    packed[at + 2] = exponent
    packed[12 + length - 4 : 12 + length] = struct.pack("<I", zlib.crc32(packed[12 : 12 + length - 4]))
    return [bytes(packed)]


def tar(members):
    """(name, bytes, type) each."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            info.linkname = content.decode() if kind != tarfile.REGTYPE else ""
            archive.addfile(info, io.BytesIO(content) if kind == tarfile.REGTYPE else None)
    return [out.getvalue()]


def zips(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return [out.getvalue()]


def zip_of_zeros(name, size):
    """One member of zero bytes, written without holding it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(name, "w", force_zip64=True) as member:
            for piece in times(b"\0" * (1 << 16), size >> 16):
                member.write(piece)
    return [out.getvalue()]


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


_MASK = (1 << 64) - 1


def colliding_names(count):
    """Paths with one hash under rustc-hash 2, which has no key: a block is made to cancel the state of the hasher."""
    seed, prevent = 0x243F6A8885A308D3, 0xA4093822299F31D0

    def mix(x, y):
        product = x * y
        return (product & _MASK) ^ (product >> 64)

    letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    allowed = set(letters + b"_-.+=~%^,;!#$&")
    draw = random.Random(7)
    while True:
        head = b"/app/" + bytes(draw.choice(letters) for _ in range(11))
        x, y = struct.unpack("<QQ", head)
        block = struct.pack("<Q", mix(seed ^ x, prevent ^ y))
        if all(byte in allowed for byte in block):
            break
    for n in range(count):
        yield head + b"abcdefgh12345678" + block + b"%08d" % n + b"_____________________.py"


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, body):
    return varint(number << 3 | 2) + varint(len(body)) + body


def pickle_of_references(levels):
    """A list of two references to a list of two references …: 2^levels lists where each is followed."""
    out = b"\x80\x04]q\x00(K\x01K\x02e"
    for level in range(levels):
        out += b"]q" + bytes([level + 1]) + b"(h" + bytes([level]) + b"h" + bytes([level]) + b"e"
    return [out + b"."]

