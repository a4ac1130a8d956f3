"""Words as papers write them, in four languages, and the table that a laboratory extends."""

import pytest

from bmg_assets.intake.words import WORDS, Words, WordsError, extended, own_words

MEANT = [
    ("method", "Cu mold suction casting", "suction_casting"),
    ("method", "copper-mould suction-casting", "suction_casting"),
    ("method", "vacuum suction casting technique", "suction_casting"),
    ("method", "arc melting + suction casting", "suction_casting"),
    ("method", "Arc melting and drop suction casting", "suction_casting"),
    ("method", "tilt-pour casting", "tilt_casting"),
    ("method", "suction casting into a water-cooled copper mold", "suction_casting"),
    ("method", "suction-cast into a Cu mold", "suction_casting"),
    ("method", "Suction casting (Cu mould)", "suction_casting"),
    ("method", "真空甩带", "melt_spinning"),
    ("method", "Cu mould tilt pouring", "tilt_casting"),
    ("method", "copper mold injection casting method", "injection_casting"),
    ("method", "flux water quenching", "water_quench"),
    ("method", "single-roller melt spinning", "melt_spinning"),
    ("method", "吸铸", "suction_casting"),
    ("method", "铜模吸铸法", "suction_casting"),
    ("method", "真空吸铸", "suction_casting"),
    ("method", "铜模喷铸", "injection_casting"),
    ("method", "单辊甩带法", "melt_spinning"),
    ("method", "水淬", "water_quench"),
    ("method", "吸引鋳造", "suction_casting"),
    ("method", "銅鋳型傾角鋳造法", "tilt_casting"),
    ("method", "単ロール液体急冷法", "melt_spinning"),
    ("method", "メルトスピニング", "melt_spinning"),
    ("method", "ﾒﾙﾄｽﾋﾟﾝ", "melt_spinning"),
    ("method", "Kupferkokillen-Saugguss", "suction_casting"),
    ("method", "Saugguß", "suction_casting"),
    ("method", "Schmelzspinnen", "melt_spinning"),
    ("method", "Kippguss", "tilt_casting"),
    ("verdict", "XRD-amorphous", "amorphous"),
    ("verdict", "glassy (XRD)", "amorphous"),
    ("verdict", "Amorphous by XRD", "amorphous"),
    ("verdict", "XRD: amorphous", "amorphous"),
    ("verdict", "amorphous (XRD, DSC)", "amorphous"),
    ("verdict", "amorphous (XRD and DSC)", "amorphous"),
    ("verdict", "非晶。", "amorphous"),
    ("verdict", "fully crystalline", "crystalline"),
    ("verdict", "completely amorphous", "amorphous"),
    ("verdict", "amorph", "amorphous"),
    ("verdict", "röntgenamorph", "amorphous"),
    ("verdict", "teilkristallin", "partially_crystalline"),
    ("verdict", "kristallin", "crystalline"),
    ("verdict", "unklar", "unclear"),
    ("verdict", "Fehlguss", "failed_cast"),
    ("verdict", "非晶", "amorphous"),
    ("verdict", "完全非晶", "amorphous"),
    ("verdict", "非晶态", "amorphous"),
    ("verdict", "部分晶化", "partially_crystalline"),
    ("verdict", "非晶＋晶体", "partially_crystalline"),
    ("verdict", "结晶", "crystalline"),
    ("verdict", "アモルファス", "amorphous"),
    ("verdict", "非晶質", "amorphous"),
    ("verdict", "一部結晶化", "partially_crystalline"),
    ("verdict", "結晶", "crystalline"),
    ("verdict", "计划", "planned"),
    ("verdict", "撤回", "withdrawn"),
    ("dimension_kind", "棒材", "rod_diameter"),
    ("dimension_kind", "丸棒", "rod_diameter"),
    ("dimension_kind", "Stabdurchmesser", "rod_diameter"),
    ("dimension_kind", "薄带", "ribbon_thickness"),
    ("dimension_kind", "リボン", "ribbon_thickness"),
    ("dimension_kind", "plate thickness (mm)", "plate_thickness"),
    ("composition_unit", "原子%", "at%"),
    ("composition_unit", "Atom-%", "at%"),
    ("composition_unit", "At.-%", "at%"),
    ("composition_unit", "Gew.-%", "wt%"),
    ("composition_unit", "質量%", "wt%"),
    ("composition_unit", "ａｔ％", "at%"),
]
NOT_MEANT = [
    ("method", "copper mould casting"),
    ("method", "Cu-mould casting"),
    ("method", "铜模铸造"),
    ("method", "no suction casting"),
    ("method", "suction or tilt casting"),
    ("method", "copper mould"),
    ("method", "drop casting"),
    ("verdict", "XRD"),
    ("verdict", "amorphous?"),
    ("verdict", "non-amorphous"),
    ("verdict", "not amorphous"),
    ("verdict", "nicht amorph"),
    ("verdict", "半非晶"),
    ("verdict", "amorphous*"),
    ("verdict", "未非晶"),
    ("verdict", "yes"),
    ("verdict", "1"),
    ("verdict", ""),
    ("dimension_kind", "thickness"),
    ("composition_unit", "%"),
    ("composition_unit", "vol%"),
]


@pytest.mark.parametrize(("column", "text", "word"), MEANT)
def test_words_of_papers(column: str, text: str, word: str) -> None:
    assert own_words().find(column, text) == word


@pytest.mark.parametrize(("column", "text"), NOT_MEANT)
def test_words_that_say_too_little_or_the_contrary(column: str, text: str) -> None:
    assert own_words().find(column, text) is None


@pytest.mark.parametrize("text", ["copper mould casting", "Cu-mold casting", "vacuum copper mould casting", "铜模铸造"])
def test_words_that_leave_a_choice_name_it(text: str) -> None:
    assert own_words().find("method", text) is None
    assert own_words().may_mean("method", text) == "suction_casting, injection_casting or tilt_casting"
    assert own_words().may_mean("method", "suction casting") == ""


@pytest.mark.parametrize("column", WORDS)
def test_every_word_means_itself(column: str) -> None:
    assert all(own_words().find(column, word) == word for word in WORDS[column])


@pytest.mark.parametrize(
    "text", ["n.d.", "N.D.", "n/d", "#N/A", "?", "/", "…", "--", "未测", "k. A.", "not determined", "no"]
)
def test_cells_that_say_that_nothing_was_determined(text: str) -> None:
    assert own_words().is_empty(text)


@pytest.mark.parametrize("text", ["690", "a.xy", "0", "amorphous"])
def test_cells_that_say_something(text: str) -> None:
    assert not own_words().is_empty(text)


def more(table: object) -> Words:
    return extended(own_words(), table, "reading.yaml: words")


def test_words_are_added_to_those_that_are_known() -> None:
    words = more(
        {
            "method": {"suction_casting": ["aspirazione", "coulée par aspiration"]},
            "ignored": {"verdict": ["selon DRX"]},
            "empty": ["néant"],
            "months": {2: ["février"]},
        }
    )
    assert words.find("method", "Coulée par aspiration") == "suction_casting"
    assert words.find("method", "吸铸") == "suction_casting"
    assert words.find("verdict", "amorphous selon DRX") == "amorphous"
    assert words.is_empty("Néant")
    assert words.is_empty("n.d.")
    assert words.months["février"] == 2
    assert more(None) == own_words()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"methods": {}}, "unknown key 'methods'"),
        ({"method": {"suction": ["x"]}}, "unknown key 'suction'"),
        ({"method": ["suction"]}, "not a table"),
        ("suction", "not a table"),
        ({"method": {"suction_casting": "aspirazione"}}, "not a list"),
        ({"verdict": {"amorphous": [True]}}, "holds True, which is no word"),
        ({"verdict": {"amorphous": [" . "]}}, "no word"),
        ({"verdict": {"crystalline": ["glassy"]}}, "'glassy' cannot stand for crystalline, as it stands for amorphous"),
        ({"verdict": {"crystalline": ["amorphous"]}}, "as it stands for amorphous"),
        ({"months": {13: ["Smarch"]}}, "unknown key '13'"),
        ({"empty": {"a": 1}}, "not a list"),
    ],
)
def test_a_table_that_cannot_be_used_is_told(table: object, told: str) -> None:
    with pytest.raises(WordsError) as error:
        more(table)
    assert told in str(error.value)
    assert str(error.value).startswith("reading.yaml: words")
