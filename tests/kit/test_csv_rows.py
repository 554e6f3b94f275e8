import csv
from io import StringIO

import pytest

from kit.csv_rows import csv_text


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert next(csv.reader(StringIO(csv_text([[cell]]), newline="")))[0] == f"'{cell}"


def test_what_is_not_known_is_an_empty_cell() -> None:
    assert csv_text([[None, "", "李, 四", 'a"b']]) == ',,"李, 四","a""b"\r\n'
