"""Signals as something a loop can wait for: a wish to stop, or a child's death."""

import contextlib
import selectors
import signal
import socket
from types import FrameType

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruptions:
    """Counts the wishes to stop, and wakes whoever waits on the selector."""

    def __init__(self) -> None:
        self.stop_wishes = 0
        self.selector = selectors.DefaultSelector()
        self._hears, self._wakes = socket.socketpair()
        for end in (self._hears, self._wakes):
            end.setblocking(False)
        self.selector.register(self._hears, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        for number in STOP:
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup means it
            signal.signal(number, self._wish)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def wait(self, seconds: float) -> None:
        """Sleep until something happens: a signal, a child's words, or the time is over."""
        for key, _events in self.selector.select(seconds):
            if key.fileobj is self._hears:
                with contextlib.suppress(BlockingIOError):
                    self._hears.recv(4096)

    def _wish(self, number: int, frame: FrameType | None) -> None:
        self.stop_wishes += 1
