"""What the configurations of all networks have in common, how settings are read and changed, and the Mask R-CNN's own.

A weights file carries its configuration, so that a network is always run as it was trained.
"""

import copy
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from ..errors import UserError


@dataclass(frozen=True)
class Augmentation:
    """How far what is shown in training may differ from the scan that it is cut from.

    Never a left-right flip. `mirror_twin` is not one: it shows the other hemisphere of the mirrored
    head, whose region then lies on the image's left as the left one does (the right hemisphere is
    found through the same network, on the mirrored scan). `any_look` is how often a drawn contrast is shown, with all
    that scanners do to it, `rescanned` how often, else, the scan with more noise and thicker slices, `aged` how often
    the 3-D network's windows show moved tissue (`training.window_variety`).
    """

    rotation_deg: float = 12.0
    tilt_deg: float = 12.0
    scale: float = 0.12
    shift_mm: float = 8.0
    mirror_twin: float = 0.5
    intensity: float = 0.8
    skull_strip: float = 0.3
    synthetic_contrast: float = 0.1
    aged: float = 0.0
    any_look: float = 0.0
    rescanned: float = 0.0

    @property
    def shows_tissues(self) -> bool:
        """Whether it must be known which tissue is where."""
        return max(self.any_look, self.aged) > 0


@dataclass(frozen=True)
class Configuration:
    """Settings that every network has.

    frame           axes in which it sees a head: 'mni' (registered) or 'head' (the scanner's, at the head's top);
                    all its lengths are in the frame's mm
    weight          how much its views count together beside those of other networks in the same weights file
    mask_threshold  probability from which a voxel is the region
    label_mm        voxels of the labels that it learnt from, whose blur is taken off again (`segmentation.sharpening`);
                    0 leaves its answers as they are
    augmentation    how training changes what it is shown
    extra_channels  names of the maps that it sees beside the T1 (`scan.channels`); the dataset decides
    """

    name: str = ""
    frame: str = "mni"
    weight: float = 1.0
    mask_threshold: float = 0.44
    label_mm: float = 2.0
    augmentation: Augmentation = Augmentation()
    extra_channels: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """As plain values for a weights file or a JSON file; maps where there are any, as files of before had none."""
        values = asdict(self)
        return values if self.extra_channels else {k: v for k, v in values.items() if k != "extra_channels"}

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """The configuration that `to_dict` described. Raises UserError for unknown keys."""
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise UserError(
                "Unknown settings in the model configuration: {unknown}.", unknown=", ".join(sorted(unknown))
            )
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        if isinstance(values.get("augmentation"), dict):
            values["augmentation"] = Augmentation(**values["augmentation"])
        return cls(**values)

    def changed(self, settings: Sequence[str]) -> Self:
        """This with settings changed (`with_settings`)."""
        return self.from_dict(with_settings(self.to_dict(), settings))


def with_settings(values: dict, settings: Sequence[str]) -> dict:
    """A copy of plain settings with some changed, each as 'name=value'; `augmentation.name` for those inside.

    Raises UserError for an unknown setting or a value of the wrong kind.
    """
    changed = copy.deepcopy(values)
    for setting in settings:
        name, _, text = setting.partition("=")
        group, _, inner = name.rpartition(".")
        place = changed[group] if group == "augmentation" else changed
        if inner not in place or isinstance(place[inner], dict):
            raise UserError("Unknown setting '{name}': see the configuration's class for the names.", name=name)
        place[inner] = _value(name, text, place[inner])
    return changed


_SIGNED = ("window_centre_mm",)
"""Settings that may be below 0."""

_ABOVE_0 = (
    "batch", "channels", "check_every", "clip_norm", "context", "depths_mm", "fpn_channels", "image_size", "mask_size",
    "pixel_mm", "shape_kji", "slice_mm", "spacing_mm", "steps", "steps_per_epoch",
)  # fmt: skip
"""Settings that may not be 0: nothing would be shown, or learnt."""


def _value(name: str, text: str, like: Any) -> Any:
    several = isinstance(like, (tuple, list))
    try:
        values = tuple(type(like[0] if several else like)(part) for part in (text.split(",") if several else [text]))
    except ValueError as error:
        raise UserError(
            "Setting {name}: '{text}' is not of the kind of '{like}'.", name=name, text=text, like=like
        ) from error
    numbers = [value for value in values if isinstance(value, (int, float))]
    lowest = -math.inf if name in _SIGNED else 0
    if not all(math.isfinite(n) and n >= lowest and (n or name not in _ABOVE_0) for n in numbers):
        raise UserError(
            "Setting {name}: with {text} nothing can be learnt; give numbers like {like}.",
            name=name,
            text=text,
            like=like,
        )
    return values if several else values[0]


@dataclass(frozen=True)
class MaskRCNNConfig(Configuration):
    """A Mask R-CNN for one region, and how it is trained.

    backbone          'resnet18', 'resnet34', 'resnet50' or 'resnet101', with an FPN
    stages            ResNet's stages that are used, 3 or 4: the fourth holds more than half of the
                      weights and sees a small window in nine cells
    planes            planes in which slices are cut: 'axial', 'coronal', 'sagittal'
    image_size        (rows, columns) of a slice in pixels of `pixel_mm`
    window_centre_mm  middle of the window in the frame, x, y, z
    depths_mm         how far the slices of each plane reach together about the window's centre, in the
                      order of `planes`; a single depth holds for all
    context           slices shown together as channels, `slice_mm` apart; 1 repeats the slice
    detail_channels   width of the extra feature map at half resolution that the mask head reads;
                      0 gives torchvision's own mask head
    mask_size         mask cells per box side: 28 as the paper has it, or 56 for the cortical ribbon
    background_iou    a proposal that overlaps the region by less is background, by 0.5 or more it is
                      the region, and between the two it teaches nothing
    confidence        detections below this score are dropped
    label_loss        weight of an auxiliary loss: the finest feature map names every structure of
                      the parcellation; refused where the dataset has none
    Learning: SGD (or AdamW) first on the heads with the backbone frozen, then on all layers at
    `finetune_lr`. `pretrain_steps` of whole-slice labelling warm up the backbone where no
    pretrained weights are at hand.
    """

    name: str = "dlpfc"
    weight: float = 0.1
    classes: int = 2
    backbone: str = "resnet18"
    stages: int = 3
    fpn_channels: int = 128
    box_head_size: int = 256
    mask_head_channels: int = 64
    mask_head_layers: int = 3
    mask_size: int = 56
    detail_channels: int = 32
    planes: tuple[str, ...] = ("axial", "coronal", "sagittal")
    image_size: tuple[int, int] = (96, 96)
    window_centre_mm: tuple[float, float, float] = (-41.0, 37.0, 29.0)
    depths_mm: tuple[float, ...] = (105.6, 81.4, 61.6)
    pixel_mm: float = 1.1
    slice_mm: float = 2.2
    context: int = 5
    anchor_sizes: tuple[int, ...] = (16, 32, 64, 128)
    anchor_ratios: tuple[float, ...] = (0.5, 1.0, 2.0)
    proposals_train: int = 100
    proposals_test: int = 12
    rois_per_image: int = 32
    positive_fraction: float = 0.25
    background_iou: float = 0.3
    detections: int = 1
    confidence: float = 0.5
    box_nms: float = 0.3
    label_loss: float = 0.0
    optimizer: str = "sgd"
    lr: float = 0.01
    finetune_lr: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 1e-4
    clip_norm: float = 5.0
    batch: int = 8
    steps_per_epoch: int = 100
    pretrain_steps: int = 0
    heads_epochs: int = 2
    all_epochs: int = 10
    patience: int = 4

    def __post_init__(self) -> None:
        if len(self.depths_mm) not in (1, len(self.planes)):
            raise UserError("Setting depths_mm: give a single depth, or one for each plane.")

    def depth_mm(self, plane: str) -> float:
        """How far the slices of a plane reach together."""
        return self.depths_mm[self.planes.index(plane) if len(self.depths_mm) > 1 else 0]


PAPER = MaskRCNNConfig(
    name="paper",
    mask_threshold=0.5,
    label_mm=0.0,
    backbone="resnet101",
    stages=4,
    fpn_channels=256,
    box_head_size=1024,
    mask_head_channels=256,
    mask_head_layers=4,
    mask_size=28,
    detail_channels=0,
    frame="head",
    planes=("axial",),
    image_size=(256, 256),
    window_centre_mm=(0.0, 0.0, -65.0),
    depths_mm=(130.0,),
    pixel_mm=1.0,
    slice_mm=2.0,
    context=1,
    anchor_sizes=(32, 64, 128, 256),
    proposals_train=1000,
    proposals_test=300,
    rois_per_image=200,
    positive_fraction=0.33,
    background_iou=0.5,
    detections=10,
    confidence=0.8,
    lr=0.001,
    finetune_lr=0.0001,
    batch=1,
    heads_epochs=10,
    all_epochs=10,
    augmentation=Augmentation(mirror_twin=0.0, skull_strip=0.0, synthetic_contrast=0.0, tilt_deg=0.0),
)
"""The paper's configuration: ResNet-101-FPN, one slice a step, 28x28 masks cut at one half, heads then all layers."""

PRESETS = {"dlpfc": MaskRCNNConfig(), "paper": PAPER}


def named_config(preset: str, settings: Sequence[str] = ()) -> MaskRCNNConfig:
    """A preset with settings changed (`Configuration.changed`), to train by.

    Raises UserError for an unknown preset too, and where no epoch is left.
    """
    if preset not in PRESETS:
        raise UserError("Unknown preset '{preset}': use one of {presets}.", preset=preset, presets=", ".join(PRESETS))
    config = PRESETS[preset].changed(settings)
    if not config.heads_epochs and not config.all_epochs:
        raise UserError("Settings heads_epochs and all_epochs: with 0 of both nothing is learnt; give one of them.")
    return config
