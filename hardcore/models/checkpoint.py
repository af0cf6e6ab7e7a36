"""Folders of weights: looked at before a library opens them, because a name in one can make it import anything.

Weights are safetensors, which hold numbers only; files that Python would unpickle are refused. A class that
`model_index.json` names has to be one of PARTS.
"""

import json
from pathlib import Path
from typing import Any

from hardcore.errors import ModelFailed, nearest

INDEX, CONFIG = "model_index.json", "config.json"
_LARGEST_INDEX = 1 << 20
# What would be unpickled.
_PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
PIPELINES = (
    "StableAudio3Pipeline", "StableAudioPipeline", "AceStepPipeline", "AudioLDM2Pipeline", "StableDiffusionPipeline",
)  # fmt: skip
PARTS = {
    "transformers": frozenset({
        "T5EncoderModel", "T5GemmaEncoderModel", "T5Tokenizer", "T5TokenizerFast", "T5GemmaTokenizer", "GemmaTokenizer",
        "GemmaTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend", "Qwen3Model", "Qwen2Tokenizer",
        "Qwen2TokenizerFast", "ClapModel", "ClapFeatureExtractor", "RobertaTokenizer", "RobertaTokenizerFast",
        "GPT2Model", "GPT2LMHeadModel", "SpeechT5HifiGan", "CLIPTextModel", "CLIPTokenizer", "CLIPImageProcessor",
    }),
    "stable_audio_3": frozenset({"StableAudio3DurationEmbedder"}),
    "ace_step": frozenset({"AceStepConditionEncoder", "AceStepAudioTokenizer", "AceStepAudioTokenDetokenizer"}),
    "stable_audio": frozenset({"StableAudioProjectionModel"}),
    "audioldm2": frozenset({"AudioLDM2ProjectionModel", "AudioLDM2UNet2DConditionModel"}),
    "diffusers": frozenset({
        "AutoencoderSAME", "AutoencoderOobleck", "AutoencoderKL", "StableAudio3DiTModel", "StableAudioDiTModel",
        "AceStepTransformer1DModel", "AudioLDM2UNet2DConditionModel", "UNet2DConditionModel",
        "CosineDPMSolverMultistepScheduler", "EDMDPMSolverMultistepScheduler", "DPMSolverMultistepScheduler",
        "FlowMatchEulerDiscreteScheduler", "DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler",
    }),
}  # fmt: skip


def pipeline_of(folder: Path) -> str:
    """Return the class of pipeline that a folder holds, every part of it known. Raises ModelFailed."""
    ensure_plain(folder)
    index = _json(folder / INDEX)
    pipeline = index.get("_class_name")
    if not isinstance(pipeline, str) or pipeline not in PIPELINES:
        raise ModelFailed(f"{folder.name}: a pipeline '{str(pipeline)[:60]}' is not known", ", ".join(PIPELINES))
    for part, named in index.items():
        if not part.startswith("_") and isinstance(named, list):
            _ensure_known(folder, part, named)
    return pipeline


def _ensure_known(folder: Path, part: str, named: list[Any]) -> None:
    if named == [None, None]:
        return
    library, kind = (str(one) for one in (*named, "", "")[:2])
    if kind not in PARTS.get(library, ()):
        raise ModelFailed(
            f"{folder.name}: part {part[:60]} is a {library[:60]}.{kind[:60]}, which is not loaded",
            nearest(kind, [one for kinds in PARTS.values() for one in kinds])
            or "parts are of transformers or diffusers",
        )


def ensure_plain(folder: Path) -> None:
    """Raise ModelFailed unless a folder's weights are safetensors, with nothing that would be unpickled or run."""
    if not folder.is_dir():
        raise ModelFailed(f"there are no weights at {folder}", "models list")
    files = [path for path in folder.rglob("*") if path.is_file()]
    if bad := next((path for path in files if path.suffix.lower() in _PICKLES or path.suffix == ".py"), None):
        raise ModelFailed(f"{folder.name} holds {bad.name}, which could run anything", "weights as .safetensors only")
    if not any(path.suffix == ".safetensors" for path in files):
        raise ModelFailed(f"{folder.name} holds no weights", "files that end in .safetensors")
    for path in files:
        if path.name == CONFIG and "auto_map" in _json(path):
            raise ModelFailed(
                f"{folder.name}: {path.parent.name} wants code of its own to be run", "weights without it"
            )


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_INDEX:
            raise ModelFailed(f"{path.name} of {path.parent.name} is too large")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelFailed(f"{path.name} of {path.parent.name} cannot be read") from error
    if not isinstance(data, dict):
        raise ModelFailed(f"{path.name} of {path.parent.name} cannot be read")
    return data
