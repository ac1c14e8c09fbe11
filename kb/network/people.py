"""Authors as persons: forms of a name that can only be one person's are one, all else stays apart."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kb.text import plain_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

_APART = re.compile(r"[\W_]+")


def merged_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name ("Family, Given") the name under which its person is shown: the fullest form.

    Two forms are one person where the family is the same (but for case and accents) and each given name of the shorter
    form equals that of the longer one or is its first letter. A form that fits two different persons stays alone.
    """
    families: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in names:
        family, _, given = plain_letters(name).partition(",")
        families[" ".join(family.split())][tuple(filter(None, _APART.split(given)))].add(name)
    found: dict[str, str] = {}
    for forms in families.values():
        persons: list[list[tuple[str, ...]]] = []
        for form in sorted(forms, key=lambda form: (-sum(map(len, form)), form)):
            fitting = [person for person in persons if form and all(_compatible(form, other) for other in person)]
            if len(fitting) == 1:
                fitting[0].append(form)
            else:
                persons.append([form])
        for person in persons:
            written = {name for form in person for name in forms[form]}
            shown = min(written, key=lambda name: (-len(name), name))
            found.update(dict.fromkeys(written, shown))
    return found


def _compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two lists of given names may be one person's; the shorter one begins the longer one."""
    return bool(one and other) and all(
        a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in zip(one, other, strict=False)
    )
