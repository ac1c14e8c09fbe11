"""What cannot be read: the application ends with a message that names it, and with no traceback."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import kb.build
from kb.build import ensure
from kb.tables import make_tables
from tests.tui.conftest import still
from tests.tui.driving import has_left, until
from tui.app import EvidenceApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.collection import Collection


def cut_short(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    path.write_text(path.read_text("utf-8") + "\n<broken> a [bold]\x1b[31m", "utf-8")
    return collection


def not_utf8(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    path.write_bytes(path.read_bytes() + b'\n<x:a> <x:b> "\xff\xfe" .\n')
    return collection


def no_number_where_one_must_be(collection: Collection) -> Collection:
    path = collection.ontology / "policies.ttl"
    text = path.read_text("utf-8")
    changed = re.sub(r"ev:sortOrder \d+", 'ev:sortOrder "first"', text, count=1)
    assert changed != text
    path.write_text(changed, "utf-8")
    return collection


def studies_gone(collection: Collection) -> Collection:
    return collection._replace(studies=(collection.studies[0] / "gone",))


def ontology_gone(collection: Collection) -> Collection:
    return collection._replace(ontology=collection.ontology / "gone")


def studies_gone_since_they_were_built(collection: Collection) -> Collection:
    kb.build.build(collection)
    shutil.rmtree(collection.studies[0])
    return collection


def ontology_gone_since_it_was_built(collection: Collection) -> Collection:
    kb.build.build(collection)
    shutil.rmtree(collection.ontology)
    return collection


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (cut_short, "policies.ttl"),
        (not_utf8, "policies.ttl"),
        (no_number_where_one_must_be, "first"),
        (studies_gone, "gone"),
        (ontology_gone, "gone"),
        (studies_gone_since_they_were_built, "studies"),
        (ontology_gone_since_it_was_built, "ontology"),
    ],
)
async def test_a_collection_that_cannot_be_read_ends_with_a_message(
    copy_of_toy: Collection, spoil: Callable[[Collection], Collection], named: str
) -> None:
    app = EvidenceApp(spoil(copy_of_toy))
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_left(app))
        assert has_left(app)
    assert app.return_value is not None
    assert named in app.return_value
    assert app.return_value.endswith(".")
    assert app._exception is None


async def test_a_store_that_cannot_be_opened_ends_with_a_message(copy_of_toy: Collection) -> None:
    kb.build.build(copy_of_toy)
    (store,) = copy_of_toy.cache().glob("generation-*/store")
    shutil.rmtree(store)
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        await still(pilot)
        assert has_left(app)
    assert app.return_value is not None
    assert "mipex-kb build --clean" in app.return_value


async def test_a_damaged_store_ends_the_program_with_what_to_do(copy_of_toy: Collection) -> None:
    with ensure(copy_of_toy)[0] as reader:
        make_tables(reader)
        pointer = reader.folder / "store" / "CURRENT"
    pointer.write_text("nonsense", "utf-8")
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_left(app))
    assert "Run: mipex-kb build --clean" in str(app.return_value)
