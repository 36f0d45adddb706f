"""From the drop folder to the indicators in one process: real Russian files, no kernels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline import compute
from pipeline.check import Checked, passed
from pipeline.paths import Paths
from pipeline.provenance.fingerprint import fingerprint
from pipeline.settings import run_settings
from tests.real import russian, workspace
from tests.real.evidence import holding, indicator_rows, outputs

pytestmark = pytest.mark.real

TERRITORIES = ("urus_martan", "ensk")


@pytest.fixture(scope="module")
def root(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace.russian(real, tmp_path_factory.mktemp("russian"))


@pytest.fixture(scope="module")
def checked(root: Path) -> Mapping[str, Checked]:
    """Both territories read, checked, let through by the gate and computed."""
    found = {}
    for territory in TERRITORIES:
        paths, settings = Paths(root, territory, 2026), run_settings(territory, 2026, "internal", None, None)
        found[territory] = passed(paths, settings, fingerprint(paths, settings), lambda line: None)
        compute.indicators(paths, settings, found[territory], lambda line: None)
    return found


def failed(checked: Checked) -> dict[str, str]:
    """Checks that did not pass, except remarks for information: code → severity."""
    return {result.id: result.severity for result in checked.results if not result.passed and result.severity != "info"}


def test_every_file_is_recognised_and_every_row_is_counted(checked: Mapping[str, Checked]) -> None:
    records = [record for one in checked.values() for record in one.gathered.inventory]
    seen = {record["file"]: (record["layout"], record["rows"]) for record in records}

    assert seen == {
        "2024/mark_vs_journal_MA4_2024.xlsx": ("fisoko_journal", 3),
        "2026/F3_mark_statistics_RU4_2026.xlsx": ("fisoko_marks", 4),
        "2026/F1_individual_RU4_2026.xlsx": ("fisoko_individual", 50),
        "2026/oge_protocol_multi_block_anonymised.xls": ("rcoi_protocol", 2),
    }


def test_only_what_is_wrong_with_the_files_is_said(checked: Mapping[str, Checked]) -> None:
    assert failed(checked["urus_martan"]) == {"no_register": "warning"}
    assert failed(checked["ensk"]) == {"declared_count_differs": "warning", "no_register": "warning"}


def test_a_territory_does_not_see_the_files_of_another(checked: Mapping[str, Checked]) -> None:
    assert checked["urus_martan"].gathered.tables["results"].empty
    assert checked["ensk"].gathered.tables["group_results"].empty


def test_participants_are_pseudonyms_and_no_name_is_written(
    checked: Mapping[str, Checked], root: Path, real: Path
) -> None:
    results: pd.DataFrame = checked["ensk"].gathered.tables["results"]
    names = russian.names_of(real / workspace.LAYOUTS / "oge_protocol_multi_block_anonymised.xls")
    written = list(outputs(root))

    assert not set(results["participant"]) & {str(code) for code in range(40001, 40051)}
    assert results["participant"].nunique() == len(results) == 52
    assert len(names) == 6
    assert any(path.name == "results.parquet" for path in written)
    assert holding(written, names) == {}


def test_protocol_gives_one_pupil_a_subject(checked: Mapping[str, Checked], root: Path) -> None:
    """Обществознание: 27 points, mark 4; химия: 22 points, mark 3."""
    results = checked["ensk"].gathered.tables["results"]
    exams = results[results["procedure"] == "oge"].set_index("subject")[["primary_score", "mark", "grade"]]
    quality = {
        row["subject"]: (row["numerator"], row["denominator"])
        for row in indicator_rows(root, "ensk", 2026)
        if (row["indicator"], row["level"]) == ("oge_quality", "municipality")
    }

    assert exams.to_dict("index") == {
        "social_studies": {"primary_score": 27, "mark": 4, "grade": 9},
        "chemistry": {"primary_score": 22, "mark": 3, "grade": 9},
    }
    assert quality == {"social_studies": (1, 1), "chemistry": (0, 1)}
