"""Rows of an answer as a list that knows its columns and becomes a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kb.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

R = TypeVar("R", bound=tuple[object, ...])


class Rows(list[R]):
    """Named tuples in their order; ``columns`` are their names, also where there are no rows."""

    def __init__(self, columns: Sequence[str], rows: Iterable[R] = ()) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame: every column holds texts, and what is not known is empty.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError(
                "Data frames need the library pandas. Install it with: pip install 'mipex-kb[frames]'"
            ) from None
        return pd.DataFrame.from_records(list(self), columns=list(self.columns))
