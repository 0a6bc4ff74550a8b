"""The main job: from a T1 scan to a plan. Command line, panel and cohort runs all call it."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .segmentation.region import Region
from .targeting.landmark import Landmark
from .targeting.target import Target
from .volume.volume import Volume


@dataclass(frozen=True)
class PlanOptions:
    """What the user may choose.

    hemispheres      ('left',), ('right',) or both
    threshold        confidence below which a slice's detection is dropped, 0..1
    device           'auto', 'cpu' or 'cuda'
    hotspot_ras_mm   the motor hotspot if it was measured, else None: it is estimated
    rule_mm          length of the 5-cm rule along the scalp
    weights          a weights file, or None for the shipped ones
    landmarks        False: mask and target alone
    """

    hemispheres: tuple[str, ...] = ("left",)
    threshold: float = 0.8
    device: str = "auto"
    hotspot_ras_mm: tuple[float, float, float] | None = None
    rule_mm: float = 50.0
    weights: Path | None = None
    landmarks: bool = True


@dataclass(frozen=True)
class ModelInfo:
    """Which network made a plan: its id, the SHA-256 of its weights, what its label means."""

    id: str
    sha256: str
    label_definition: str


@dataclass(frozen=True)
class HemispherePlan:
    """The plan for one side.

    landmarks      motor hotspot and 5-cm landmark, where the scan shows a scalp
    distances_mm   named distances, such as 'five_cm_to_target'
    rule_path_ras_mm  the walk of the 5-cm rule along the scalp, shape (N, 3), or None
    """

    region: Region
    target: Target
    landmarks: tuple[Landmark, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that files, pictures and MRML nodes are made from.

    sides       hemisphere name -> its plan; a side that was not found is missing
    not_found   hemisphere name -> why nothing was found there
    timing_s    step name -> seconds
    """

    volume: Volume
    model: ModelInfo
    options: PlanOptions
    sides: dict[str, HemispherePlan]
    not_found: dict[str, str]
    timing_s: dict[str, float]
    warnings: tuple[str, ...] = ()
