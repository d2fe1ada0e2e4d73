from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CODE = """
import resource
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from pipeline.bundle.runtimes.memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        np.ones(30_000_000, np.float32)  # more than a pool of a thread's own can hold
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

plain = faults()
assert keep_freed_memory()
with ThreadPoolExecutor(1) as thread:
    for run in (lambda work: work(), lambda work: thread.submit(work).result()):
        run(faults)
        assert run(faults) < plain / 5, "the same pages are used again"
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_freed_memory_is_used_again_without_new_pages_in_any_thread() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


SELDOM = """
import gc
from pipeline.bundle.runtimes.memory import collect_seldom

def full_searches():
    before = gc.get_stats()[2]["collections"]
    headers = [{"element": [n]} for n in range(400_000)]
    return gc.get_stats()[2]["collections"] - before

often = full_searches()
collect_seldom()
print(often, full_searches())
"""


def test_many_new_objects_do_not_set_off_a_search_of_all() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SELDOM], capture_output=True, text=True, check=True
    )
    often, seldom = map(int, done.stdout.split())
    assert often > seldom == 0
