"""Damage a file's bytes in the ways files are damaged, and in ways only an attacker would."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]
ELEMENT = re.compile(rb"(?s)..[\x00-\x7f].(AE|AS|CS|DA|DS|IS|LO|OB|OW|PN|SH|SQ|TM|UI|UL|UN|US)")
REPRESENTATIONS = (b"SQ", b"US", b"DS", b"UN", b"OB", b"UI", b"FD", b"ZZ", b"\0\0")
SIZES = (b"\x28\x00\x10\x00US\x02\x00", b"\x28\x00\x11\x00US\x02\x00")
DEFLATED = b"1.2.840.10008.1.2.1.99"


def bit_flips(data: bytes, chance: random.Random) -> bytes:
    """A few bits anywhere, most often in the header."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        end = len(data) if chance.random() < 0.3 else min(len(data), 3000)
        changed[chance.randrange(end)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncation(data: bytes, chance: random.Random) -> bytes:
    """Cut short anywhere."""
    return data[: chance.randrange(len(data))]


def lying_length(data: bytes, chance: random.Random) -> bytes:
    """An element that claims another length."""
    at = _element(data, chance) + 6
    width = chance.choice((2, 4, 6))
    claimed = chance.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.randrange(1 << 32)))
    return data[:at] + claimed.to_bytes(8, "little")[:width] + data[at + width :]


def huge_dimensions(data: bytes, chance: random.Random) -> bytes:
    """Rows and columns of up to 65535, beyond what the pixels hold."""
    for head in SIZES:
        at = data.find(head)
        if at >= 0 and chance.random() < 0.8:
            begin = at + len(head)
            size = chance.choice((0, 1, 0xFFFF, chance.randrange(1 << 16)))
            data = data[:begin] + size.to_bytes(2, "little") + data[begin + 2 :]
    return data


def nested_sequences(data: bytes, chance: random.Random) -> bytes:
    """Sequences within sequences, to a depth no stack survives."""
    at = _element(data, chance)
    depth = chance.choice((3, 50, 2000, 100_000))
    level = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return data[:at] + level * depth + data[at:]


def wrong_representation(data: bytes, chance: random.Random) -> bytes:
    """An element of another value representation."""
    at = _element(data, chance) + 4
    return data[:at] + chance.choice(REPRESENTATIONS) + data[at + 2 :]


def splice(data: bytes, chance: random.Random) -> bytes:
    """A stretch left out, repeated, or overwritten by another."""
    first, second = sorted(chance.randrange(len(data)) for _ in range(2))
    piece = data[first : min(second, first + 4000)]
    match chance.randrange(3):
        case 0:
            return data[:first] + data[second:]
        case 1:
            return data[:second] + piece + data[second:]
        case _:
            to = chance.randrange(len(data))
            return data[:to] + piece + data[to + len(piece) :]


def bomb(data: bytes, chance: random.Random) -> bytes:
    """A deflated file that inflates to gigabytes, or image streams that claim to be enormous."""
    if chance.random() < 0.1:
        return _deflated_bomb(chance.choice((8, 2048)))
    for marker, at, width in (
        (b"\xff\x4f\xff\x51", 8, 4),
        (b"\xff\xc3", 5, 2),
        (b"\xff\xf7", 5, 2),
    ):
        place = data.find(marker)
        if place >= 0:
            begin, size = place + at, 2 * width
            return data[:begin] + b"\x00\x00\xff\xff"[-width:] * 2 + data[begin + size :]
    return huge_dimensions(data, chance)


MUTATIONS: tuple[Mutation, ...] = (
    bit_flips,
    truncation,
    lying_length,
    huge_dimensions,
    nested_sequences,
    wrong_representation,
    splice,
    bomb,
)


def mutated(data: bytes, number: int) -> tuple[str, bytes]:
    """The name of mutation `number`, and what it makes of `data`; one number, one answer."""
    chance = random.Random(number)
    mutation = MUTATIONS[number % len(MUTATIONS)]
    return mutation.__name__, mutation(data, chance)


def _element(data: bytes, chance: random.Random) -> int:
    """Where some element begins, by the look of it."""
    found = [match.start() for match in ELEMENT.finditer(data[:20_000])]
    return chance.choice(found) if found else chance.randrange(max(1, len(data) - 16))


def _deflated_bomb(mebibytes: int) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = bytes(1 << 20)
    body = b"".join(deflater.compress(zeros) for _ in range(mebibytes)) + deflater.flush()
    syntax = b"\x02\x00\x10\x00UI" + len(DEFLATED).to_bytes(2, "little") + DEFLATED
    length = b"\x02\x00\x00\x00UL\x04\x00" + len(syntax).to_bytes(4, "little")
    return bytes(128) + b"DICM" + length + syntax + body
