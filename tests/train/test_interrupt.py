from __future__ import annotations

import signal
import threading

import pytest

from pipeline.train.interrupt import deferred

pytestmark = pytest.mark.usefixtures("interruptible")
INTERRUPTION = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("how", INTERRUPTION)
def test_the_first_is_noted_and_the_second_ends_at_once(how: signal.Signals) -> None:
    with deferred() as interruption:
        assert not interruption.asked
        signal.raise_signal(how)
        assert interruption.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(how)


@pytest.mark.parametrize("how", INTERRUPTION)
def test_afterwards_signals_do_what_they_did_before(how: signal.Signals) -> None:
    before = signal.getsignal(how)
    with deferred():
        assert signal.getsignal(how) is not before
    assert signal.getsignal(how) is before


def test_what_python_does_not_handle_is_left_alone() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with deferred():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_another_thread_may_train_too() -> None:
    seen: list[bool] = []

    def work() -> None:
        with deferred() as interruption:
            seen.append(interruption.asked)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
