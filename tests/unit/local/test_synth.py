"""When the templates are made again."""

from __future__ import annotations

from pathlib import Path

from tools.local.synth import inputs_fingerprint


def project(root: Path) -> Path:
    for name in (
        "functions/intake/handler.py",
        "layers/build.py",
        "infra/app.py",
        "requirements/layer.txt",
        "cdk.json",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return root


def test_the_same_inputs_need_no_synthesis(tmp_path: Path) -> None:
    assert inputs_fingerprint(project(tmp_path / "a")) == inputs_fingerprint(project(tmp_path / "b"))


def test_a_changed_an_added_and_a_renamed_input_each_need_one(tmp_path: Path) -> None:
    root = project(tmp_path)
    seen = {inputs_fingerprint(root)}
    (root / "requirements/layer.txt").write_text("httpx==1", encoding="utf-8")
    seen.add(inputs_fingerprint(root))
    (root / "functions/intake/usecase.py").touch()
    seen.add(inputs_fingerprint(root))
    (root / "functions/intake/usecase.py").rename(root / "functions/intake/case.py")
    seen.add(inputs_fingerprint(root))
    assert len(seen) == 4


def test_bytecode_and_files_that_no_template_is_made_from_do_not_count(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = inputs_fingerprint(root)
    (root / "functions/intake/__pycache__").mkdir()
    (root / "functions/intake/__pycache__/handler.cpython-313.pyc").touch()
    (root / "README.md").touch()
    (root / "requirements/dev.txt").touch()
    assert inputs_fingerprint(root) == before
