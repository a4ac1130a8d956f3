"""The tests mirror the tree: `test_x.py` stands where `x.py` stands, unless it is about more than one module."""

from pathlib import Path

import bmg_assets

TESTS = Path(__file__).parent
CODE = Path(bmg_assets.__path__[0])
FOLDERS_OF_TESTS_ALONE = {"benchmarks", "browser", "dependencies", "distributed", "faults", "fuzz", "mutants"}
WHOLE_RUNS = {
    "assets/test_bad_input.py",
    "assets/test_end_to_end.py",
    "assets/test_on_object_storage.py",
    "assets/test_toy_sub_model.py",
    "assets/test_toy_surrogate.py",
    "automation/test_daemon.py",
    "intake/test_intake_kills.py",
    "pages/test_browser.py",
    "staleness/test_stale_systems.py",
    "store/test_concurrency.py",
    "store/test_object_storage.py",
    "upkeep/test_upkeep_kills.py",
    "web/test_in_a_browser.py",
}
FILES_OF_THE_REPOSITORY = {
    "intake/test_lab_template.py",
    "sources/test_handbook_tables.py",
    "sources/test_starter_table.py",
    "sources/test_thermal_table.py",
    "test_dependencies.py",
    "test_deployment_page.py",
    "test_docs.py",
    "test_no_pickle.py",
    "test_package.py",
    "test_tree.py",
}
EVERY_ONE_OF_A_CATALOGUE = {
    "pages/test_escaping.py",
    "pages/test_every_page.py",
    "science/models/sub_models/test_threads.py",
    "science/surrogates/test_golden_numbers.py",
    "science/surrogates/test_surrogates.py",
    "sources/test_published_sources.py",
}


def test_a_test_stands_where_its_module_stands() -> None:
    alone = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("test_*.py")
        if not _module_of(path).exists() and path.relative_to(TESTS).parts[0] not in FOLDERS_OF_TESTS_ALONE
    }
    assert alone == WHOLE_RUNS | FILES_OF_THE_REPOSITORY | EVERY_ONE_OF_A_CATALOGUE


def test_a_folder_of_tests_is_one_of_the_code() -> None:
    tests, code = ({str(path.parent.relative_to(top)) for path in top.rglob("__init__.py")} for top in (TESTS, CODE))
    assert tests - code == FOLDERS_OF_TESTS_ALONE


def _module_of(test: Path) -> Path:
    return CODE / test.relative_to(TESTS).with_name(test.name.removeprefix("test_"))
