"""A plan and its files without what tells whose they are: names, numbers and dates of DICOM, file names and paths, and
when the person was stimulated.

What stays is the head itself, of which masks and surfaces are parts, and DICOM's unique numbers, by which a mask finds
its series.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..doubts import Doubt
from ..plan import Plan
from ..scan.volume import Volume
from ..sentences import say
from .targets import PlannedTarget

if TYPE_CHECKING:
    from ..segmentation.region import Region

Value = TypeVar("Value")

TOLD = say(
    "holds name, number, birth date, sex and study of the person, as DICOM asks; --anonymous of 'dlpfc export' leaves"
    " them out"
)
"""What is said of a DICOM file that is written with them."""

_BLANK = (
    "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID", "AccessionNumber",
)  # fmt: skip
"""Fields that DICOM asks for, if empty."""

_GONE = (
    "PatientAge", "PatientSize", "PatientWeight", "PatientComments", "OtherPatientIDs", "OtherPatientNames",
    "EthnicGroup", "PatientAddress", "PatientBirthTime", "PatientTelephoneNumbers", "AdditionalPatientHistory",
    "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName", "StudyDescription",
    "PhysiciansOfRecord", "PerformingPhysicianName", "OperatorsName", "RequestingPhysician",
    "IssuerOfPatientID", "OtherPatientIDsSequence", "ReferencedPatientSequence", "ReferencedStudySequence",
    "ConsultingPhysicianName", "NameOfPhysiciansReadingStudy", "AdmissionID", "DeviceSerialNumber",
)  # fmt: skip


_FILE = re.compile(r"\S*[/\\][^\s:;,]+|\S+\.(?:nii(?:\.gz)?|mg[hz]|mha|mhd|nrrd|hdr|img|dcm)\b", re.IGNORECASE)
"""A path, or the name of an image, in a sentence."""

_MOMENT = re.compile(r"(?: at)? ?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::[\d.]+)?(?:Z|[+-]\d{2}:?\d{2})?")
"""When something was done, in a sentence."""


_COMMON = re.compile(
    r"\d{1,3}|left|right|both|scans?|mri?|t[12]w?|head|brain|anat|dicom|series|image|volume|mask|target|dlpfc",
    re.IGNORECASE,
)
"""Names that tell of nobody and may stand for something else in a sentence."""


def pseudonym_of(volume: Volume) -> str:
    """A name that is the same for the same scan and tells nothing of it."""
    return f"anonymous-{volume.fingerprint[:8]}"


def anonymous_plan(plan: Plan, pseudonym: str) -> Plan:
    """The plan with the scan under a pseudonym, in its record and in all that is said of it."""
    hidden = _hidden(plan, hiding(plan.volume.source, pseudonym, _other_files(plan)))
    origin = replace(hidden.volume.origin, path=pseudonym, dicom=None)
    stimulated = tuple(replace(held, time="") for held in hidden.stimulated)
    return replace(hidden, volume=replace(hidden.volume, origin=origin), stimulated=stimulated)


def anonymous_targets(targets: list[PlannedTarget], scan: Volume | None) -> list[PlannedTarget]:
    """The targets without the name of their scan, and without moments, in what is said of them.

    Of a point that is of no plan no one knows what its description tells: it goes, and files in its warnings.
    """
    known = [_without_moments(each) if each.key or each.hemisphere else _without_words(each) for each in targets]
    return known if scan is None else _hidden(known, hiding(scan.source, pseudonym_of(scan)))


def _without_moments(target: PlannedTarget) -> PlannedTarget:
    return replace(target, description=_MOMENT.sub("", target.description))


def _without_words(target: PlannedTarget) -> PlannedTarget:
    warnings = tuple(without_files(text) for text in target.warnings)
    return replace(target, description="", warnings=warnings)


def anonymous_region(region: "Region") -> "Region":
    """A mask without the name of its scan in what is said of it; it still knows the series that it is of."""
    hidden = _hidden(region, hiding(region.volume.source, pseudonym_of(region.volume)))
    return replace(hidden, volume=replace(hidden.volume, origin=region.volume.origin))


def anonymous_scan(scan: Volume) -> Volume:
    """The scan under its pseudonym."""
    pseudonym = pseudonym_of(scan)
    hidden = _hidden(scan, hiding(scan.source, pseudonym))
    return replace(hidden, origin=replace(hidden.origin, path=pseudonym))


def clear_dicom(path: Path, pseudonym: str) -> None:
    """Take out of a DICOM file of ours what it has from the person's series; its unique numbers stay."""
    import pydicom

    data = pydicom.dcmread(path)
    for name in _GONE:
        if name in data:
            delattr(data, name)
    for name in _BLANK:
        setattr(data, name, "")
    data.PatientName = data.PatientID = pseudonym
    data.PatientIdentityRemoved, data.DeidentificationMethod = "YES", "DLPFCSegmenter --anonymous"
    data.save_as(path)


def _other_files(plan: Plan) -> dict[str, str]:
    """What stands for the paths of other files than the scan: of weights their name, of fMRI and maps nothing."""
    names = {} if plan.options.weights is None else {str(plan.options.weights): plan.options.weights.name}
    choices, runs = plan.options.circuit, plan.circuit.runs if plan.circuit else ()
    files = [Path(run.path) for run in runs] + [*choices.bold, *choices.confounds]
    files += filter(None, (choices.group_map, choices.mni_transform))
    maps = [Path(file) for _name, file in plan.options.channels]
    maps += [each.path for each in plan.inputs if each.path not in files]
    for kind, paths in (("fmri", files), ("map", maps)):
        for number, path in enumerate(dict.fromkeys(paths), 1):
            names |= {str(path): f"{kind}-{number}", path.name: f"{kind}-{number}"}
    return names


def hiding(source: str, pseudonym: str, others: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """What replaces the scan's path and the name of its file or folder in a text, and those of other files."""
    name = Path(source).name
    names = {source: pseudonym, name: pseudonym, name.partition(".")[0]: pseudonym} | dict(others or {})
    patterns = {each: _pattern(each) for each in sorted(filter(None, names), key=len, reverse=True)}

    def hide(text: str) -> str:
        """The text without the names."""
        for each, pattern in patterns.items():
            text = names[each].join(pattern.split(text))
        return text

    return hide


def without_files(text: str) -> str:
    """A sentence without paths and names of images, whosever they are."""
    return _FILE.sub("(a file)", text)


def _pattern(name: str) -> re.Pattern[str]:
    """Where a name stands for itself: as words of its own, a common one only where a sentence begins with it."""
    if _COMMON.fullmatch(name):
        return re.compile(rf"(?<!\S){re.escape(name)}(?=:)")
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")


def _hidden(value: Value, hide: Callable[[str], str]) -> Value:
    """The same value with every text in it hidden, wherever in it that stands."""
    made: Any = value
    if isinstance(value, Doubt):
        numbers = {name: hide(each) if isinstance(each, str) else each for name, each in value.numbers.items()}
        made = Doubt(hide(value), value.key, numbers, value.hemisphere)
    elif isinstance(value, Enum):
        made = value
    elif isinstance(value, str):
        made = hide(value)
    elif isinstance(value, Path):
        made = Path(hide(str(value)))
    elif isinstance(value, tuple | list):
        made = type(value)(_hidden(each, hide) for each in value)
    elif isinstance(value, dict):
        made = {key: _hidden(each, hide) for key, each in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        changed = {name: _hidden(each, hide) for name, each in held.items()}
        made = replace(value, **{name: each for name, each in changed.items() if each is not held[name]})
    return made
