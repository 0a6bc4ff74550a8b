"""The model card of weights that were trained here."""

from datetime import UTC, datetime

from .. import __version__
from ..labels.label import RegionLabel
from .run import Run


def weights_card(name: str, label_definition: str, region: RegionLabel | None, run: Run, more: dict) -> dict:
    """Who made what from what; `region` is what was cut from parcellations, if anything, `more` the model's own."""
    made = datetime.now(UTC).strftime("%Y-%m-%d")
    cut = {"region": region.to_dict()} if region else {}
    return cut | {
        "id": f"{name}-{made}",
        "label_definition": label_definition,
        "made": made,
        "software": f"DLPFCSegmenter {__version__}",
        "seed": run.seed,
        "processes": run.team.size,
        "precision": "bfloat16 mixed" if run.mixed_precision else "float32",
        **more,
    }
