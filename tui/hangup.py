"""The end of the program where its terminal is gone: nobody sees it, and it would read a dead one forever."""

from __future__ import annotations

import os
import select
import signal
import threading


def end_with_terminal(terminal: int) -> None:
    """Watch the file number of a terminal in a thread that sleeps until it hangs up, and end this process then.

    The system itself ends only the process that leads the session, which can be another, such as ``make``. What is
    being written is as before or whole, as after any kill.
    """
    watch = select.poll()
    watch.register(terminal, 0)  # a hang-up is told unasked

    def wait() -> None:
        watch.poll()
        os._exit(128 + signal.SIGHUP)

    threading.Thread(target=wait, name="hangup", daemon=True).start()
