"""The nine public sources as they are read: their traps, and how much of what each holds."""

import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.fingerprints import fingerprint_frame
from bmg_assets.science.literature.contradictions import contradicting_sources
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.tallies import tallies_of
from bmg_assets.sources.declaration import read_declarations
from bmg_assets.sources.download import available_sources
from bmg_assets.sources.reading import read_reports

PROJECT = Path(__file__).parents[2]
LITERATURE = PROJECT / "data" / "literature"
READ = ("accepted", "copied")

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def reports() -> pd.DataFrame:
    """Every report of the recommended sources, copies marked."""
    declarations = read_declarations(LITERATURE / "sources.yaml")
    cache = Path(os.environ.get("BMG_DOWNLOADS", PROJECT / "data" / "downloads"))
    paths = available_sources(declarations, cache, LITERATURE)
    names = [name for name, declared in declarations.items() if declared.use == "always"]
    absent = [name for name in names if name not in paths]
    if absent:
        pytest.skip(f"the published sets are not in the download cache ({', '.join(absent)}): run `make data`")
    found = read_reports(declarations, paths, names)
    assert found.unread == {}
    return found.reports


@pytest.fixture(scope="module")
def mdf(reports: pd.DataFrame) -> pd.DataFrame:
    return reports[reports["source"] == "mdf_v5"]


def kinds_of(reports: pd.DataFrame, source: str) -> dict[str, int]:
    of_source = reports[(reports["source"] == source) & reports["status"].isin(READ)]
    return of_source["kind"].value_counts().to_dict()


def faults_of(reports: pd.DataFrame, source: str) -> dict[str, int]:
    refused = reports[(reports["source"] == source) & (reports["status"] == "refused")]
    return refused["rules"].str[-1].value_counts().to_dict()


def rows_with(reports: pd.DataFrame, rule: str) -> int:
    return sum(rule in rules for rules in reports["rules"])


def test_every_row_of_every_file_is_kept(reports):
    assert reports["source"].value_counts().to_dict() == {
        "mdf_v5": 10252,
        "ward_2018": 8415,
        "forrest_greer": 6639,
        "xiong_gfa": 6470,
        "ml_bmg_gfa": 6398,
        "xiong_2020": 5934,
        "borg_mpea": 1545,
        "xiong_ctt": 674,
        # One line of the 557 is of commas alone.
        "xiong_as_cast": 558,
    }


def test_the_papers_table_alone_gives_the_papers_alloys_and_labels(published_csv):
    declarations = read_declarations(LITERATURE / "sources.yaml")
    alloys = merge_alloys(read_reports(declarations, {"ml_bmg_gfa": published_csv}, ["ml_bmg_gfa"]).reports)
    assert len(alloys) == 6395
    labels = alloys[["composition", "chemical_system", "glass_class", "dmax_mm", "conflict"]]
    # Measured before any other source was read.
    assert fingerprint_frame(labels) == "0686ebe7c4765d9a"


def test_what_mdf_adds_to_the_papers_table_by_kind(reports, mdf):
    known = defaultdict(list)
    paper = reports[(reports["source"] == "ml_bmg_gfa") & reports["composition"].notna()]
    for elements, at_pct in zip(paper["elements"], paper["at_pct"], strict=True):
        known[tuple(elements)].append(at_pct)
    read = mdf[mdf["status"].isin(READ)]
    new = read[
        [
            all(np.abs(np.subtract(at_pct, other)).max() > 0.5 + 1e-9 for other in known[tuple(elements)])
            for elements, at_pct in zip(read["elements"], read["at_pct"], strict=True)
        ]
    ]
    # The best kind of each composition, the last of these.
    order = ["crystalline_as_cast", "crystalline_as_spun", "glass_of_unknown_form", "ribbon", "thin_rod"]
    order += ["plate_or_wedge", "bulk_without_diameter", "bulk", "fluxed"]
    best = new["kind"].map(order.index).groupby(new["composition"]).max().map(lambda place: order[place])
    # The first look at the files counted 543 bulk glasses with a diameter, 88 of them above 10 mm, 131 without one, 318
    # ribbons, 490 of unknown form, 80 crystalline and 24 partly crystalline, in all 1,586. Plates and thin rods were
    # among these, and compositions within 0.5 at.% one alloy; here each composition is one, in all 1,595.
    assert best.value_counts().to_dict() == {
        "bulk": 534,
        "glass_of_unknown_form": 473,
        "ribbon": 329,
        "bulk_without_diameter": 120,
        "crystalline_as_spun": 68,
        "crystalline_as_cast": 32,
        "plate_or_wedge": 27,
        "thin_rod": 10,
        "fluxed": 2,
    }
    largest = new["dmax_mm"].groupby(new["composition"]).max()
    assert int((largest > 10).sum()) == 91
    crystalline = new[new["composition"].isin(best.index[best.str.startswith("crystalline")])]
    partly = ["partly_crystalline_is_not_glass" in rules for rules in crystalline["rules"]]
    only_partly = pd.Series(partly, index=crystalline.index).groupby(crystalline["composition"]).all()
    assert (int((~only_partly).sum()), int(only_partly.sum())) == (80, 20)


def test_films_and_powders_of_mdf_are_set_apart(mdf):
    apart = mdf[mdf["kind"].isin(["film", "powder"])]
    assert apart["kind"].value_counts().to_dict() == {"film": 451, "powder": 179}
    assert set(apart["status"]) <= {"set_apart", "copied"}
    # 24 more of the 203 rows of powders have the class OT, which says neither glass nor crystal.
    other = mdf[(mdf["class_reported"] == "OT") & ((mdf["method"] == "Mechanical") | (mdf["form"] == "Powder"))]
    assert len(other) == 24
    assert set(other["status"]) == {"refused"}


def test_rows_of_mdf_without_a_class_are_glasses_by_size_or_temperature(mdf):
    classless = mdf[mdf["class_reported"].isna()]
    assert len(classless) == 1031
    assert classless["dmax_mm"].notna().sum() == 756
    assert (classless["kind"] == "plate_or_wedge").sum() == 40
    assert rows_with(classless, "glass_from_other_columns") == 232
    assert classless.loc[classless["status"] == "refused", "rules"].str[-1].tolist() == ["nothing_reported"] * 3


def test_ribbon_thicknesses_in_the_column_of_diameters_are_no_diameters(mdf):
    thin = mdf[[("ribbon_thickness_is_no_diameter" in rules) for rules in mdf["rules"]]]
    assert pd.to_numeric(thin["value_reported"]).max() == 0.2
    assert len(thin) == 10
    assert set(thin["dmax_mm"]) == {0.2}
    assert set(thin["kind"]) == {"ribbon"}


def test_fluxed_melts_are_no_castings(reports):
    fluxed = reports[reports["kind"] == "fluxed"]
    found = fluxed.groupby("source")["dmax_mm"].agg(sorted).to_dict()
    assert found == {"mdf_v5": [72.0, 85.0, 150.0], "forrest_greer": [72.0], "ward_2018": [72.0]}
    assert fluxed["reason"].str.contains("silica").all()


def test_lists_of_classes_in_a_cell_are_conflicts(mdf):
    lists = mdf[mdf["class_reported"].str.startswith("[", na=False)]
    assert len(lists) == 55
    differ = lists[[("classes_differ_in_cell" in rules) for rules in lists["rules"]]]
    assert (differ["glass_class"] == "ribbon").sum() + (differ["status"] == "set_apart").sum() >= 38


def test_mischmetal_is_no_element(mdf):
    mischmetal = mdf[mdf["formula_reported"].str.contains("Mm")]
    assert len(mischmetal) == 6
    assert mischmetal["reason"].str.contains("mischmetal").all()
    # Four more rows hold deuterium, "D".
    assert faults_of(mdf, "mdf_v5")["unknown_element"] == 10


def test_steels_and_pure_elements_of_forrest_and_greer_need_another_source(reports):
    # 63 to 68 pure elements and 152 steels; 0.15 is the code of ribbons.
    assert faults_of(reports, "forrest_greer")["no_other_source_agrees"] == 216
    alone = reports[reports["rules"].str[-1] == "no_other_source_agrees"]
    assert (alone["elements"].map(len) == 1).sum() >= 63
    ribbons = reports[(reports["source"] == "forrest_greer") & (reports["value_reported"] == "0.15")]
    assert set(ribbons["kind"].dropna()) == {"ribbon"}


def test_the_odd_ribbons_of_xiong_are_thin_rods(reports):
    xiong = reports[(reports["source"] == "xiong_2020") & (reports["class_reported"] == "RMG")]
    odd = xiong[xiong["value_reported"] != "0.1"]
    assert len(odd) == 44
    # 0.2 is the code of ribbons elsewhere; two more formulas do not state the shares of Cu and Ni.
    assert odd["kind"].value_counts(dropna=False).to_dict() == {"thin_rod": 39, "ribbon": 3, None: 2}


def test_the_other_compilations_have_the_kinds_of_their_classes(reports):
    assert kinds_of(reports, "xiong_gfa") == {
        "ribbon": 3708,
        "crystalline_as_spun": 1551,
        "bulk_without_diameter": 1186,
    }
    assert kinds_of(reports, "xiong_as_cast") == {"crystalline_as_cast": 479, "glass_of_unknown_form": 61}
    ctt = reports[(reports["source"] == "xiong_ctt") & reports["status"].isin(READ)]
    assert ctt.loc[ctt["kind"] == "bulk", "dmax_mm"].max() == 50.0


def test_the_class_none_of_ward_is_an_empty_cell(reports):
    ward = reports[reports["source"] == "ward_2018"]
    assert (ward["class_reported"].isna() & (ward["kind"] == "crystalline_as_spun")).sum() == 1971
    # 808 Unknown, 160 empty; 59 of them are refused for their formula.
    assert kinds_of(reports, "ward_2018")["bulk_without_diameter"] == 909
    # Lost decimal points and other misprints: Be2420 is 24.20.
    assert faults_of(reports, "ward_2018")["implausible_sum"] == 52
    assert (ward.loc[ward["formula_reported"].str.contains("Be2420"), "status"] == "refused").all()


def test_only_castings_of_borg_count_and_each_formula_once(reports):
    borg = reports[reports["source"] == "borg_mpea"]
    counted = borg[(borg["status"] == "accepted")]
    assert set(counted["method"]) == {"CAST"}
    assert counted["class_reported"].notna().all()
    assert counted["composition"].is_unique
    assert set(counted["kind"]) == {"crystalline_as_cast"}
    assert borg["year"].notna().all()
    assert faults_of(reports, "borg_mpea") == {"not_a_casting": 803, "nothing_reported": 36}


def test_crystalline_alloys_of_four_elements_or_more_are_told_by_their_elements(reports):
    cast = reports[reports["kind"] == "crystalline_as_cast"].drop_duplicates("composition")
    alloys = cast.loc[cast["elements"].map(len) >= 4, "elements"].map(set)
    # The sets' docs say about 600, 3 with Zr and Cu and 50 with B, C, P or Si, roundings of a composition as one.
    assert len(alloys) == 682
    assert sum({"Zr", "Cu"} <= elements for elements in alloys) == 5
    assert sum(bool({"B", "C", "P", "Si"} & elements) for elements in alloys) == 51


def test_compilations_are_mostly_copies(reports):
    counted = reports[reports["status"] == "accepted"]
    assert counted["source"].value_counts().to_dict() == {
        "mdf_v5": 8667,
        "ml_bmg_gfa": 966,
        "xiong_gfa": 406,
        "borg_mpea": 380,
        "xiong_as_cast": 344,
        "forrest_greer": 288,
        "xiong_2020": 57,
        "ward_2018": 37,
    }
    alloys = merge_alloys(reports)
    assert len(alloys) == 9241
    assert alloys["n_reports"].sum() == len(counted)
    # 58 more are copies of films and powders.
    assert alloys["n_copies"].sum() + 58 == (reports["status"] == "copied").sum()
    assert alloys["first_year"].notna().sum() == 7352


def test_a_copy_names_a_report_that_counts_for_the_same_elements(reports):
    counting = reports[reports["status"].isin(["accepted", "set_apart"])]
    counting = counting.set_index(counting["source"] + " row " + counting["source_row"].astype(str))
    copies = reports[reports["status"] == "copied"]
    originals = counting.loc[copies["copy_of"]]
    assert originals["elements"].tolist() == copies["elements"].tolist()
    pairs = zip(originals["at_pct"], copies["at_pct"], strict=True)
    apart = np.array([np.abs(np.subtract(*pair)).max() for pair in pairs])
    # 70 copies are roundings of the composition that counts.
    assert ((apart > 1e-4).sum(), apart.max() < 0.5) == (70, True)


def test_a_compilation_shifted_by_a_row_is_named(reports):
    assert contradicting_sources(reports) == []
    labels = ["kind", "is_glass", "glass_class", "dmax_mm", "dmax_low_mm", "dmax_high_mm"]
    for source in ("forrest_greer", "ward_2018"):
        shifted = reports.copy()
        rows = shifted.index[(shifted["source"] == source) & shifted["status"].isin(READ)]
        shifted.loc[rows, labels] = shifted.loc[np.roll(rows, 1), labels].to_numpy(dtype=object)
        (said,) = contradicting_sources(shifted.astype({"dmax_mm": "float64"}))
        assert said.startswith(f"{source} contradicts what other sources report of the same alloys (")


def test_the_page_on_the_literature_tells_these_counts(reports):
    page = (PROJECT / "docs" / "literature.md").read_text(encoding="utf-8")
    alloys = merge_alloys(reports)
    classes = alloys["glass_class"].value_counts()
    told = " ".join(page.split())
    assert (
        f"Together they are {len(reports):,} rows of {len(alloys):,} alloys, of which {classes['bulk']:,} are bulk "
        f"glasses, {classes['ribbon']:,} glasses that nobody reports as bulk, and "
        f"{classes['crystalline']:,} crystalline."
    ) in told
    tallies = tallies_of(reports, alloys)
    for source in tallies["sources"].itertuples():
        counts = f"| {source.rows:,} | {source.alloys:,} | {source.alone:,} |"
        assert any(line.startswith(f"| `{source.source}` |") and line.endswith(counts) for line in page.splitlines()), (
            f"{source.source}: {counts}"
        )
    for conflict in tallies["conflicts"].itertuples():
        assert f"| `{conflict.conflict}` | {conflict.alloys:,} |" in page
