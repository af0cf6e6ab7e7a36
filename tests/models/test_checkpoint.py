"""Folders of weights: what could run code when it is opened is refused first."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardcore.errors import ModelFailed
from hardcore.models.checkpoint import INDEX, pipeline_of

GOOD: dict[str, Any] = {
    "_class_name": "StableAudio3Pipeline", "_diffusers_version": "0.42.1", "vae": ["diffusers", "AutoencoderSAME"],
    "text_encoder": ["transformers", "T5GemmaEncoderModel"], "safety": [None, None],
}  # fmt: skip


def folder(tmp_path: Path, index: object = None, **files: str) -> Path:
    (tmp_path / "vae").mkdir(exist_ok=True)
    (tmp_path / "vae" / "model.safetensors").write_bytes(b"")
    (tmp_path / INDEX).write_text(json.dumps(GOOD if index is None else index))
    for name, text in files.items():
        (tmp_path / "vae" / name.replace("__", ".")).write_text(text)
    return tmp_path


def test_a_plain_folder_is_known(tmp_path: Path) -> None:
    assert pipeline_of(folder(tmp_path)) == "StableAudio3Pipeline"


@pytest.mark.parametrize(
    ("index", "files", "said"),
    [
        ({**GOOD, "vae": ["os", "system"]}, {}, "os.system"),
        ({**GOOD, "vae": ["diffusers", "UnknownModel"]}, {}, "UnknownModel"),
        ({**GOOD, "vae": ["my_module", "AutoencoderSAME"]}, {}, "my_module"),
        ({**GOOD, "_class_name": "CustomPipeline"}, {}, "CustomPipeline"),
        ({**GOOD, "_class_name": ["repo", "Pipeline"]}, {}, "repo"),
        ([], {}, "cannot be read"),
        (GOOD, {"weights__bin": ""}, "weights.bin"),
        (GOOD, {"modeling__py": ""}, "modeling.py"),
        (GOOD, {"config__json": '{"auto_map": {"AutoModel": "x.Y"}}'}, "code of its own"),
    ],
)
def test_what_could_run_code_is_refused(tmp_path: Path, index: object, files: dict[str, str], said: str) -> None:
    with pytest.raises(ModelFailed, match=said.replace(".", r"\.")):
        pipeline_of(folder(tmp_path, index, **files))


def test_no_folder_and_no_weights_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="no weights at"):
        pipeline_of(tmp_path / "nowhere")
    (tmp_path / INDEX).write_text(json.dumps(GOOD))
    with pytest.raises(ModelFailed, match="holds no weights"):
        pipeline_of(tmp_path)
