"""What an endpoint says where it does not answer: a status of HTTP and one plain sentence."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, too
    """A request that is not answered. ``status`` is of HTTP; ``headers`` go with it."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def busy(seconds: int = 5) -> Refusal:
    """Return the refusal of a request that comes while too much is asked already."""
    sentence = f"Too many long queries are running. Ask again in {seconds} seconds, or ask for less."
    return Refusal(503, sentence, Retry_After=str(seconds))


def timed_out(seconds: float) -> Refusal:
    """Return the refusal of a query that ran too long."""
    return Refusal(504, f"The query ran longer than {seconds:g} seconds and was stopped. Make it narrower.")


def broken() -> Refusal:
    """Return the refusal of a query that its process did not survive."""
    return Refusal(500, "The query broke off: it needed too much memory or was nested too deeply. Ask for less.")
