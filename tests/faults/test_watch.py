"""A watch that misses what it should see would let any leak pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.watch import Seen, watched

IMPORTS = "import os, shutil, subprocess, sys, tempfile\nfrom pathlib import Path\n"


def run(code: str, tmp_path: Path) -> Seen:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return watched(["-c", IMPORTS + code], (scratch,), tmp_path / "kept", scratch)


@pytest.mark.parametrize(
    "code",
    [
        "tempfile.TemporaryFile().write(b'canary')",
        "tempfile.NamedTemporaryFile().write(b'canary')",
        "p = Path(tempfile.mkdtemp(), 'a'); p.write_text('canary'); shutil.rmtree(p.parent)",
        "p = Path(tempfile.gettempdir(), 'a'); p.write_text('canary'); p.write_text('gone')",
        "p = Path(tempfile.gettempdir(), 'a'); p.write_text('canary'); p.unlink()",
        "p = Path(tempfile.gettempdir(), 'a'); p.write_text('canary'); q = p.with_name('b');"
        "q.write_text('gone'); q.replace(p)",
        "child = 'import tempfile; tempfile.TemporaryFile().write(b\\'can\\' + b\\'ary\\')';"
        "subprocess.run([sys.executable, '-c', child], check=True)",
        "shell = 'echo canary > $TMPDIR/a; sleep 0.5; rm $TMPDIR/a';"
        "subprocess.run(shell, shell=True, check=True)",
    ],
    ids=["nameless", "named", "tree", "emptied", "removed", "replaced", "child", "not Python"],
)
def test_what_is_gone_at_the_end_was_seen(code: str, tmp_path: Path) -> None:
    seen = run(code, tmp_path)
    assert seen.status == 0, seen.said
    assert [content for content in seen.contents if b"canary" in content]


def test_a_file_written_elsewhere_is_named(tmp_path: Path) -> None:
    seen = run(f"Path({str(tmp_path)!r}, 'elsewhere').touch()", tmp_path)
    assert seen.opened == (tmp_path / "elsewhere",)


def test_reading_is_no_writing(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("canary")
    seen = run(f"Path({str(tmp_path)!r}, 'given').read_text()", tmp_path)
    assert (seen.contents, seen.opened) == ((), ())
