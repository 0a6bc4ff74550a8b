"""What the user chose in the panel, kept in the scene so that a saved scene restores it."""

import json
import pathlib
from dataclasses import astuple
from enum import Enum
from typing import Annotated

import slicer
from slicer.parameterNodeWrapper import Default, WithinRange, parameterNodeWrapper

from ..errors import UserError
from ..geometry.sides import SIDES
from ..networks.registry import ALL, segmenting
from ..options import PlanOptions, option
from ..sentences import tr as _
from ..targeting.beam_f3 import HeadMeasures
from ..targeting.fiducials import Fiducials
from .widgets.point_choices import DEFAULT_CHOICES

_SHIPPED_CARD = pathlib.Path(__file__).parents[1] / "networks" / "shipped" / "dlpfc.json"
NOT_CHOSEN = (".", "")
"""What stands in a line for a path that was not chosen, in scenes of before 0.2 and now."""


class Hemisphere(Enum):
    """Which side to look for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"left": _("Left"), "right": _("Right"), "both": _("Left and right")}[self.value]

    @property
    def sides(self) -> tuple[str, ...]:
        """The hemispheres that it stands for."""
        return SIDES if self is Hemisphere.BOTH else (self.value,)


class Device(Enum):
    """Where the network runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"auto": _("Automatic"), "cpu": _("Processor (CPU)"), "cuda": _("NVIDIA GPU (CUDA)")}[self.value]


class _ModelSource(Enum):
    """What is said of every choice of `ModelSource`."""

    @property
    def networks(self) -> str:
        """Which networks of the weights are asked, as `PlanOptions` names them."""
        return self.value if self.value in segmenting() else ALL

    def label(self) -> str:
        """What the user reads in the list; the shipped one by its name."""
        if self.value in segmenting():
            return _("Shipped: {network} alone", network=segmenting()[self.value])
        return _shipped_model() if self.value == "shipped" else _("My own weights file")


_SAVED_BEFORE = {"SLICES": "mask-rcnn", "WINDOW": "unet"}
"""Names that scenes of before the registry hold."""

ModelSource = _ModelSource(
    "ModelSource",
    {"SHIPPED": "shipped", **{name.upper(): name for name in segmenting()}, "OWN": "own", **_SAVED_BEFORE},
    module=__name__,
)
"""Which networks are asked: all that are shipped, one of them alone, or the user's own."""


class HotspotSource(Enum):
    """Where the motor hotspot comes from."""

    ESTIMATED = "estimated"
    MINE = "mine"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"estimated": _("Estimated from anatomy"), "mine": _("Placed by me")}[self.value]


class TargetChoice(Enum):
    """Which point of the mask the target is."""

    CENTROID = "centroid"
    NEAREST_SCALP = "nearest-scalp"
    CIRCUIT = "circuit"

    def label(self) -> str:
        """What the user reads in the list."""
        return {
            "centroid": _("Centroid of the mask"),
            "nearest-scalp": _("Mask point nearest the scalp"),
            "circuit": _("Circuit (needs resting-state fMRI)"),
        }[self.value]


class BatchSource(Enum):
    """Which scans a batch goes over."""

    SCENE = "scene"
    FOLDER = "folder"

    def label(self) -> str:
        """What the user reads in the list."""
        return {"scene": _("All volumes of the scene"), "folder": _("All scans in a folder")}[self.value]


@parameterNodeWrapper
class PanelParameters:
    """The panel's choices.

    inputVolume    the T1 scan
    hemisphere     side or sides to find
    threshold      confidence below which a slice's detection is dropped, 0..1; the model's own until it is changed
    device         where the network runs
    model          whether the shipped networks are asked, one of them, or the user's own
    weightsFile    the user's own network, a file that `dlpfc train` wrote; this and every path as it was typed
    hotspotSource  whether the motor hotspot is estimated or the user's own
    ruleMm         length of the walk from hotspot to landmark along the scalp, mm
    targetChoice   which point of the mask the target is
    coilAngleDeg   the coil's handle from the midline, backwards and to the side, degrees
    boldFiles, confoundFiles  runs of fMRI and their tables, as they were typed, several with a semicolon between
    shownPoints    ids of `point_choices.choices`: which of the many comparison points are listed and shown
    circumferenceCm, nasionInionCm, tragusTragusCm  tape measures, cm; 0 where not taken
    exportFormats  names of the ticked formats (`export.exporting`)
    exportFolder   where exported files go
    exportLeftOut  groups of points that do not go out (`export.targets.POINT_GROUPS`)
    batchSource    which scans a batch goes over
    batchFolder    folder of those scans, where it is a folder
    batchOutput    folder for the results of a batch
    """

    inputVolume: slicer.vtkMRMLScalarVolumeNode
    hemisphere: Hemisphere = Hemisphere.LEFT
    threshold: Annotated[float, WithinRange(*option("threshold").bounds)] = 0.5
    device: Device = Device.AUTO
    model: ModelSource = ModelSource.SHIPPED
    weightsFile: str
    hotspotSource: HotspotSource = HotspotSource.ESTIMATED
    ruleMm: Annotated[float, WithinRange(*option("rule_mm").bounds)] = PlanOptions.rule_mm
    targetChoice: TargetChoice = TargetChoice.CENTROID
    coilAngleDeg: Annotated[float, WithinRange(*option("coil_angle_deg").bounds)] = PlanOptions.coil_angle_deg
    boldFiles: str
    confoundFiles: str
    shownPoints: Annotated[list[str], Default(generator=lambda: list(DEFAULT_CHOICES))]
    circumferenceCm: Annotated[float, WithinRange(0, 80)] = 0.0
    nasionInionCm: Annotated[float, WithinRange(0, 60)] = 0.0
    tragusTragusCm: Annotated[float, WithinRange(0, 60)] = 0.0
    exportFormats: list[str]
    exportFolder: str
    exportLeftOut: list[str]
    batchSource: BatchSource = BatchSource.SCENE
    batchFolder: str
    batchOutput: str


def tape_measures(parameters: PanelParameters) -> HeadMeasures | None:
    """The tape measures, or None while one is missing. Raises UserError for one that is not human."""
    lengths_cm = (parameters.circumferenceCm, parameters.nasionInionCm, parameters.tragusTragusCm)
    return HeadMeasures(*lengths_cm) if all(lengths_cm) else None


def chosen_rule(parameters: PanelParameters) -> PlanOptions:
    """What of the choices says where points and coil lie; tape measures that are not human are none."""
    try:
        tapes = tape_measures(parameters)
    except UserError:
        tapes = None
    return PlanOptions(
        rule_mm=parameters.ruleMm,
        target=parameters.targetChoice.value,
        coil_angle_deg=parameters.coilAngleDeg,
        tapes=tapes,
    )


def show_tapes(parameters: PanelParameters, measures: HeadMeasures | None) -> None:
    """Let the controls show tape measures, or that none were taken."""
    lengths_cm = astuple(measures) if measures else (0.0, 0.0, 0.0)
    parameters.circumferenceCm, parameters.nasionInionCm, parameters.tragusTragusCm = lengths_cm


def plan_options(
    parameters: PanelParameters,
    hotspot_ras_mm: tuple[float, float, float] | None = None,
    fiducials: Fiducials | None = None,
) -> PlanOptions:
    """The options of a run; the user's own hotspot and fiducials in world RAS mm, if any.

    Raises UserError where the user's own model is wanted and none was chosen, or for impossible tape measures.
    """
    return PlanOptions(
        hemispheres=parameters.hemisphere.sides,
        threshold=None if parameters.threshold == own_threshold(parameters) else parameters.threshold,
        device=parameters.device.value,
        hotspot_ras_mm=hotspot_ras_mm,
        rule_mm=parameters.ruleMm,
        weights=_weights(parameters),
        networks=parameters.model.networks,
        coil_angle_deg=parameters.coilAngleDeg,
        target=parameters.targetChoice.value,
        fiducials=fiducials,
        tapes=tape_measures(parameters),
    )


def _weights(parameters: PanelParameters) -> pathlib.Path | None:
    if parameters.model is not ModelSource.OWN:
        return None
    return path_in(parameters.weightsFile, _("Choose your weights file under Advanced, or the shipped model."))


def path_in(line: str, missing: str) -> pathlib.Path:
    """The path that a line shows, absolute: the worker works elsewhere. Raises UserError(missing) for none."""
    if line.strip() in NOT_CHOSEN:
        raise UserError(missing)
    return pathlib.Path(line.strip()).expanduser().absolute()


def paths_in(line: str) -> tuple[pathlib.Path, ...]:
    """The paths of a line in which several may stand, a semicolon between them; () for none."""
    return tuple(path_in(each, "") for each in line.split(";") if each.strip() not in NOT_CHOSEN)


def own_threshold(parameters: PanelParameters) -> float:
    """The least confidence of a slice that the chosen weights' card tells, or the one that most have."""
    own = pathlib.Path(parameters.weightsFile.strip()) if parameters.model is ModelSource.OWN else pathlib.Path()
    card = _card(own.expanduser().with_suffix(".json") if own.name else _SHIPPED_CARD)
    return float(card.get("confidence", 0.5))


def _shipped_model() -> str:
    card = _card(_SHIPPED_CARD)
    return _("Shipped: {name}", name=card["id"]) if "id" in card else _("Shipped with the module")


def _card(path: pathlib.Path) -> dict:
    """A model card, {} where there is none that can be read; the worker says why."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}
