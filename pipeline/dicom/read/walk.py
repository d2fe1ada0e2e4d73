"""Walk a header element by element, keeping a few: many times faster than parsing all of it.

Only what most scanners write today is walked: a preamble, little endian, not deflated. Whatever is
unusual is left to pydicom, and so is every file in which the walk meets something it does not know.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from struct import Struct
from struct import error as StructError  # noqa: N812

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from pipeline.dicom.read.walked import IMPLICIT, Walked

CHUNK = 8192
# Beyond this much before the pixel data, pydicom takes over.
MOST_HEADER = 1 << 24
START = 128 + 4
MAGIC = b"DICM"
NOT_WALKED = frozenset(
    uid.encode() for uid in (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian)
)
TRANSFER_SYNTAX = 0x0002_0010
PIXELS = 0x7FE0_0010
ITEM, ITEM_END, SEQUENCE_END = 0xFFFE_E000, 0xFFFE_E00D, 0xFFFE_E0DD
UNDEFINED = 0xFFFFFFFF
DEEPEST = 16
# Value representations by the length field that follows them (PS3.5 7.1.2).
SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_explicit, _implicit = Struct("<HH2sH").unpack_from, Struct("<HHL").unpack_from
_long = Struct("<L").unpack_from


class Strange(Exception):  # noqa: N818 - no error: pydicom is asked instead
    """The walk met something it does not know."""


class Walk:
    """One file, open within a ``with``, read as far as needed; `size` is its length in bytes.

    Raises OSError where it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        # A pipe would block for ever when opened.
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        status = os.fstat(self._file)
        self.size, self._is_file = status.st_size, stat.S_ISREG(status.st_mode)
        self._bytes = b""

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def keep(self, wanted: frozenset[int], *, to_pixels: bool) -> Walked:
        """Walk to the last of the `wanted` tags, or on `to_pixels`.

        Raises
        ------
        Strange
            The file is not what this walk knows.
        """
        if not self._is_file:
            raise Strange
        self._bytes = self._bytes or os.pread(self._file, CHUNK, 0)
        if self._bytes[START - 4 : START] != MAGIC:
            raise Strange
        try:
            return self._keep(wanted, to_pixels)
        except (StructError, UnicodeDecodeError) as error:
            raise Strange from error

    def _keep(self, wanted: frozenset[int], to_pixels: bool) -> Walked:
        meta, at, _ = self._elements(START, frozenset((TRANSFER_SYNTAX,)), 0x0002_FFFF, False)
        syntax = meta[TRANSFER_SYNTAX][1].rstrip(b"\0 ") if TRANSFER_SYNTAX in meta else b""
        if not syntax or syntax in NOT_WALKED:
            raise Strange
        last = PIXELS - 1 if to_pixels else max(wanted)
        kept, at, pixels = self._elements(at, wanted, last, syntax == IMPLICIT)
        return Walked(syntax.decode("ascii"), kept, pixels if to_pixels else None)

    def fragments_end(self, at: int) -> bool:
        """Whether the fragments that begin `at` run up to their delimiter within the file."""
        while at + 8 <= self.size:
            group, element, length = _implicit(os.pread(self._file, 8, at))
            tag = group << 16 | element
            if tag == SEQUENCE_END:
                return True
            if tag != ITEM or length == UNDEFINED:
                return False
            at += 8 + length
        return False

    def ends_with(self, head: bytes, length: int) -> bool:
        """Whether the file's last element begins with `head` and is `length` bytes long."""
        at = self.size - length - len(head)
        return at > 0 and os.pread(self._file, len(head), at) == head

    def _elements(
        self, at: int, wanted: frozenset[int], last: int, implicit: bool
    ) -> tuple[dict[int, tuple[bytes | None, bytes]], int, tuple[int, int] | None]:
        """Kept elements up to tag `last`, where the next begins, and its value if it is pixels."""
        kept: dict[int, tuple[bytes | None, bytes]] = {}
        data, reached, size = self._bytes, len(self._bytes) - 12, self.size
        targets = iter(sorted(wanted))
        target, before, vr = next(targets), 0, None
        # One loop without calls: this is where a scan's time goes.
        while at < size:
            if at > reached:
                self._reach(at + 12)
                data, reached = self._bytes, max(len(self._bytes) - 12, at)
            if implicit:
                group, element, length = _implicit(data, at)
                begin = at + 8
            else:
                group, element, vr, length = _explicit(data, at)
                if vr in SHORT:
                    begin = at + 8
                elif vr in LONG:
                    (length,) = _long(data, at + 8)
                    begin = at + 12
                elif group << 16 | element > last:  # implicit elements follow the file's own
                    return kept, at, None
                else:
                    raise Strange
            tag = group << 16 | element
            if tag <= before:
                raise Strange
            before = tag
            if tag >= target:
                if tag > last:
                    return kept, at, (begin, length) if tag == PIXELS else None
                while target < tag:
                    target = next(targets, last + 1)
                if tag == target:
                    if length == UNDEFINED:  # a sequence: pydicom reads what is in it
                        raise Strange
                    kept[tag] = (vr, self._value(begin, begin + length))
            at = self._skip(begin, implicit, 0) if length == UNDEFINED else begin + length
        if at > size:
            raise Strange
        return kept, at, None

    def _value(self, begin: int, end: int) -> bytes:
        if end > self.size:
            raise Strange
        if end > len(self._bytes):
            self._reach(end)
        return self._bytes[begin:end]

    def _skip(self, at: int, implicit: bool, depth: int) -> int:
        """Where a sequence of undefined length ends."""
        if depth > DEEPEST:
            raise Strange
        while True:
            tag, length = self._item(at)
            at += 8
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM:
                raise Strange
            at = self._skip_item(at, implicit, depth) if length == UNDEFINED else at + length

    def _skip_item(self, at: int, implicit: bool, depth: int) -> int:
        while True:
            tag, _ = self._item(at)
            if tag == ITEM_END:
                return at + 8
            begin, length = _head(self._bytes, at, implicit)
            at = self._skip(begin, implicit, depth + 1) if length == UNDEFINED else begin + length

    def _item(self, at: int) -> tuple[int, int]:
        self._reach(at + 12)
        if at + 8 > self.size:
            raise Strange
        group, element, length = _implicit(self._bytes, at)
        return group << 16 | element, length

    def _reach(self, end: int) -> None:
        """Have the bytes up to `end`, or to the end of the file."""
        if end > MOST_HEADER:
            raise Strange
        if end > len(self._bytes) < self.size:
            missing = max(end - len(self._bytes), len(self._bytes))
            self._bytes += os.pread(self._file, missing, len(self._bytes))


def _head(data: bytes, at: int, implicit: bool) -> tuple[int, int]:
    """Where the value of the element that begins `at` begins, and its length."""
    if implicit:
        return at + 8, _implicit(data, at)[2]
    _, _, vr, length = _explicit(data, at)
    if vr in SHORT:
        return at + 8, length
    if vr in LONG:
        return at + 12, _long(data, at + 8)[0]
    raise Strange
