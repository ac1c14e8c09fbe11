"""The records of the collection: read as they stand, refused with file and line where they are malformed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.errors import ProtocolError
from kb.protocol import read_protocol

RECORDS = Path(__file__).parents[1] / "records"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RECORDS, tmp_path / "records"))


def test_all_records_are_read() -> None:
    protocol = read_protocol(RECORDS)
    assert [len(part) for part in protocol] == [3, 5, 9, 2, 8, 2]
    assert protocol.routes[1].description == "Subject words, made blind"
    assert protocol.searches[4].query == '=HYPERLINK("x")'


def test_a_missing_file_is_named(records: Path) -> None:
    (records / "found.csv").unlink()
    with pytest.raises(ProtocolError, match=r"There is no .*found\.csv\. .*--protocol"):
        read_protocol(records)


def test_other_columns_are_refused_and_the_right_ones_named(records: Path) -> None:
    (records / "excluded.csv").write_text("key,title\n", "utf-8")
    with pytest.raises(ProtocolError, match=r"excluded\.csv:1: .*key, title, category, reason, date"):
        read_protocol(records)


def test_a_row_of_the_wrong_length_is_named_with_its_line(records: Path) -> None:
    with (records / "excluded.csv").open("a", encoding="utf-8") as file:
        file.write("theta2008,a title, with a comma,thesis,a reason,2026-11-25\n")
    with pytest.raises(ProtocolError, match=r"excluded\.csv:4: 6 values for 5 columns"):
        read_protocol(records)


@pytest.mark.parametrize("content", [b"\xff\xfe", b'key,title,category,reason,date\n"open,quote\n'])
def test_what_is_no_csv_in_utf_8_is_refused(content: bytes, records: Path) -> None:
    (records / "excluded.csv").write_bytes(content)
    with pytest.raises(ProtocolError, match="Save it as CSV in UTF-8"):
        read_protocol(records)


def test_control_characters_are_taken_out(records: Path) -> None:
    with (records / "excluded.csv").open("a", encoding="utf-8") as file:
        file.write("theta2008,a\x1b[31m title,thesis,reason,2026-11-25\n")
    assert read_protocol(records).excluded[-1].title == "a[31m title"
