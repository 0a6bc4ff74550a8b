"""`UNetConfig`: every choice about the 3-D network and its training."""

from dataclasses import asdict, dataclass, field, fields, replace

from ..errors import UserError
from .mask_rcnn_config import Augmentation


@dataclass(frozen=True)
class UNetConfig:
    """A 3-D U-Net for one region, and how it is trained.

    shape_kji         voxels of its window, in MNI axes
    spacing_mm        their size: there and back through 1.75 mm a label keeps a Dice of 0.98 with itself
                      (2 mm: 0.96, 1.5 mm: 0.99)
    window_centre_mm  middle of the window in MNI mm, x, y, z
    channels          width of each level; the window is halved from one to the next
    weight            its share beside the planes of a Mask R-CNN in the same weights file
    mask_threshold    probability from which a voxel is the region
    label_loss        weight of an auxiliary loss: the last features name every structure of the parcellation,
                      where the dataset has one
    check_every       steps from one judgement and checkpoint to the next
    batch             with one alone on one thread PyTorch leaves its fast convolutions aside
    """

    name: str = "unet"
    frame: str = "mni"
    shape_kji: tuple[int, int, int] = (56, 48, 40)
    spacing_mm: float = 1.75
    window_centre_mm: tuple[float, float, float] = (-40.0, 38.0, 27.0)
    channels: tuple[int, ...] = (16, 32, 64, 128)
    weight: float = 0.8
    mask_threshold: float = 0.5
    label_loss: float = 0.3
    lr: float = 0.002
    weight_decay: float = 1e-3
    clip_norm: float = 5.0
    batch: int = 2
    steps: int = 6000
    check_every: int = 500
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(
            rotation_deg=9.0, tilt_deg=9.0, scale=0.1, shift_mm=5.0, skull_strip=0.2, synthetic_contrast=0.07
        )
    )

    def to_dict(self) -> dict:
        """As plain values for a weights file or a JSON file."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> "UNetConfig":
        """The configuration that `to_dict` described. Raises UserError for unknown keys."""
        unknown = set(values) - {f.name for f in fields(UNetConfig)}
        if unknown:
            raise UserError(f"Unknown settings in the model configuration: {', '.join(sorted(unknown))}.")
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        if isinstance(values.get("augmentation"), dict):
            values["augmentation"] = Augmentation(**values["augmentation"])
        return replace(UNetConfig(), **values)
