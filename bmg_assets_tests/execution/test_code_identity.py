"""Whether two copies of the code are told apart."""

from pathlib import Path

from bmg_assets.execution.code_identity import code_fingerprint


def test_a_changed_file_or_a_renamed_one_is_other_code_and_a_cache_is_not(tmp_path: Path) -> None:
    found = []
    for name, text in (("a.py", "x = 1"), ("a.py", "x = 2"), ("b.py", "x = 2")):
        folder = tmp_path / str(len(found))
        (folder / "__pycache__").mkdir(parents=True)
        (folder / name).write_text(text)
        (folder / "__pycache__" / "a.pyc").write_bytes(len(found).to_bytes(1, "big"))
        found.append(code_fingerprint(folder))
    assert len(set(found)) == 3
    twin = tmp_path / "twin"
    twin.mkdir()
    (twin / "a.py").write_text("x = 1")
    assert code_fingerprint(twin) == found[0]
