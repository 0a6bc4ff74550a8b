"""What the configurations of all networks have in common, and how settings are read and changed.

A weights file carries its configuration, so that a network is always run as it was trained.
"""

import copy
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from ..errors import UserError


@dataclass(frozen=True)
class Augmentation:
    """How far what is shown in training may differ from the scan that it is cut from.

    Never a left-right flip. `mirror_twin` is not one: it shows the other hemisphere of the mirrored
    head, whose region then lies on the image's left as the left one does (the right hemisphere is
    found through the same network, on the mirrored scan).
    """

    rotation_deg: float = 12.0
    tilt_deg: float = 12.0
    scale: float = 0.12
    shift_mm: float = 8.0
    mirror_twin: float = 0.5
    intensity: float = 0.8
    skull_strip: float = 0.3
    synthetic_contrast: float = 0.1


@dataclass(frozen=True)
class Configuration:
    """Settings that every network has.

    frame           axes in which it sees a head: 'mni' (registered) or 'head' (the scanner's, at the head's top);
                    all its lengths are in the frame's mm
    weight          how much its views count together beside those of other networks in the same weights file
    mask_threshold  probability from which a voxel is the region
    augmentation    how training changes what it is shown
    """

    name: str = ""
    frame: str = "mni"
    weight: float = 1.0
    mask_threshold: float = 0.5
    augmentation: Augmentation = Augmentation()

    def to_dict(self) -> dict:
        """As plain values for a weights file or a JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """The configuration that `to_dict` described. Raises UserError for unknown keys."""
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise UserError(f"Unknown settings in the model configuration: {', '.join(sorted(unknown))}.")
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        if isinstance(values.get("augmentation"), dict):
            values["augmentation"] = Augmentation(**values["augmentation"])
        return cls(**values)

    def changed(self, settings: Sequence[str]) -> Self:
        """This with settings changed, each as 'name=value'; `augmentation.name` for those inside.

        Raises UserError for an unknown setting or a value of the wrong kind.
        """
        values = copy.deepcopy(self.to_dict())
        for setting in settings:
            name, _, text = setting.partition("=")
            group, _, inner = name.rpartition(".")
            place = values[group] if group == "augmentation" else values
            if inner not in place or isinstance(place[inner], dict):
                raise UserError(f"Unknown setting '{name}': see the configuration's class for the names.")
            place[inner] = _value(name, text, place[inner])
        return self.from_dict(values)


def _value(name: str, text: str, like: Any) -> Any:
    try:
        if isinstance(like, (tuple, list)):
            return tuple(type(like[0])(part) for part in text.split(","))
        return type(like)(text)
    except ValueError as error:
        raise UserError(f"Setting {name}: '{text}' is not of the kind of '{like}'.") from error
