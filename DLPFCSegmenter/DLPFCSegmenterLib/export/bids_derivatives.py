"""A plan as derivatives in BIDS: files with derivative names beside the plan's own folder, and one page a person.

Names follow BIDS for derivatives where it has any; `_coilpose` and the positions in `nibs/` are of the NIBS-BIDS draft
(`formats.nibs_bids`), which validators do not know yet: `.bidsignore` names them.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import UserError
from ..files import file_sha256, told_to_the_user, write_whole, write_whole_file
from ..scan.bids import DESCRIPTION_FILE, entities, name_of_derivatives, stem_of
from ..terminology import DLPFC, label_of_region
from .file_names import REPORT_FILE, RESULT_FILE, mask_file_name
from .formats.nibs_bids import coordinate_system_path, write_nibs_bids
from .result_folder import read_findings, read_result
from .result_json import result_fields

PLANS_FOLDER = "plans"
"""In the derivatives: the folder of each plan as `dlpfc plan` writes it."""

_BIDS_VERSION = "1.10.0"
_GENERATOR = "DLPFCSegmenter"
_IGNORED = (f"{PLANS_FOLDER}/", "logs/", "*.html", "group.*", "results.csv", "**/nibs/", "*_coilpose.json")
_HEMI = {"left": "L", "right": "R"}


@dataclass(frozen=True)
class BidsPlace:
    """A T1 scan's path in its tree, and the root of the derivatives."""

    relative: str
    root: Path

    @property
    def stem(self) -> str:
        """The name of the scan without its suffix: 'sub-01_ses-02'."""
        return stem_of(Path(self.relative))

    @property
    def folder(self) -> Path:
        """Of the person, or of the session."""
        return self.root / Path(self.relative).parent.parent

    @property
    def person(self) -> str:
        """'sub-01'."""
        return f"sub-{entities(Path(self.relative))['sub']}"

    def named(self, hemisphere: str, region: str, suffix: str) -> str:
        """The name of a file of one side."""
        return f"{self._of_space}_hemi-{_HEMI[hemisphere]}_label-{label_of_region(region)}_{suffix}"

    def has(self, name: str) -> bool:
        """Whether a file of that name is one of this scan's, whatever region it is of."""
        of_side, of_scan = re.escape(self._of_space), re.escape(self.stem)
        return bool(re.fullmatch(rf"{of_side}_hemi-[LR]_label-.+|{of_scan}_desc-[^_]+_provenance\.json", name))

    @property
    def markers(self) -> Path:
        """The table of positions."""
        return self.folder / "nibs" / f"{self._of_space}_markers.tsv"

    @property
    def _of_space(self) -> str:
        return f"{name_of_derivatives(Path(self.relative))}_space-T1w"


def publish(folder: Path, place: BidsPlace) -> None:
    """Write the derivatives of the plan in `folder` unless they are there already; what a person edited in it counts.

    Raises UserError where they cannot be written, or the folder holds no plan.
    """
    made_from = file_sha256(folder / RESULT_FILE)
    anat, plan = place.folder / "anat", read_findings(folder)
    region = plan.model.region
    marker = anat / f"{place.stem}_desc-{label_of_region(region)}_provenance.json"
    if _made_from(marker) == made_from:
        return
    stale = [path.name for path in anat.glob("*") if place.has(path.name)]
    source = f"bids:raw:{place.relative}"
    with told_to_the_user(place.folder):
        if plan.sides:
            found = read_result(folder, plan, None)
            fields = result_fields(found.plan, None)
            with write_whole(place.markers.parent) as fresh:
                write_nibs_bids(found.targets, fresh / place.markers.name, plan.volume)
        else:
            fields = result_fields(plan, None)
            _remove_positions(place.markers)
        told = {"Sources": [source], "PlanSHA256": made_from, "ScanFingerprint": plan.fingerprint}
        told |= {name: fields[name] for name in ("software", "model", "options", "warnings")}
        with write_whole(anat, stale=stale, last=marker.name) as fresh:
            for side in plan.sides:
                shutil.copyfile(folder / mask_file_name(side, region), fresh / place.named(side, region, "mask.nii.gz"))
                of_side = fields.get(side, fields)
                _write(fresh / place.named(side, region, "mask.json"), _of_mask(source, of_side))
                _write(fresh / place.named(side, region, "coilpose.json"), _of_coil(source, of_side))
            _write(fresh / marker.name, told)


def _made_from(path: Path) -> str:
    """The SHA-256 of the result that derivatives were made from; '' where there are none."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["PlanSHA256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _remove_positions(path: Path) -> None:
    """Those of an earlier plan, of a scan on which now nothing was found."""
    for each in (path, path.with_suffix(".json"), coordinate_system_path(path)):
        each.unlink(missing_ok=True)


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _of_mask(source: str, side: dict) -> dict:
    return {"Type": "ROI", "Sources": [source], "SpatialReference": source, "volume_ml": side["mask"]["volume_ml"]}


def _of_coil(source: str, side: dict) -> dict:
    """The target and how the coil is held over it, all in RAS mm of the scan; null where there is no scalp."""
    names = ("target_ras_mm", "target_method", "scalp_entry", "coil", "warnings")
    return {"Sources": [source], "coordinate_space": "RAS mm of the T1w image"} | {name: side[name] for name in names}


def write_description(raw: Path, derivatives: Path, region: str = DLPFC) -> None:
    """Say what the derivatives are, whose program made them and from what.

    Raises UserError where another program's derivatives lie there already, or the raw tree itself does.
    """
    path = derivatives / DESCRIPTION_FILE
    if raw.resolve() == derivatives.resolve() or (path.exists() and not _is_ours(path)):
        raise UserError("{path}: is of another program or of raw scans; choose an output folder of its own.", path=path)
    content = {
        "Name": f"{region} masks and TMS targets (research use only)",
        "BIDSVersion": _BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{"Name": _GENERATOR, "Version": __version__}],
        "DatasetLinks": {"raw": _from(derivatives, raw)},
    }
    with told_to_the_user(derivatives), write_whole(derivatives) as fresh:
        _write(fresh / DESCRIPTION_FILE, content)
        (fresh / ".bidsignore").write_text("\n".join(_IGNORED) + "\n", encoding="utf-8")


def _from(derivatives: Path, raw: Path) -> str:
    try:
        return Path(os.path.relpath(raw.resolve(), derivatives.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return raw.resolve().as_uri()


def _is_ours(path: Path) -> bool:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["GeneratedBy"][0]["Name"] == _GENERATOR
    except (OSError, ValueError, LookupError, TypeError):
        return False


def write_person_page(person: str, plans: list[Path], root: Path) -> None:
    """Write `sub-01.html`: the reports of all of a person's scans, one after the other, in one page."""
    reports = [folder / REPORT_FILE for folder in plans if (folder / REPORT_FILE).exists()]
    path = root / f"{person}.html"
    if not reports or (path.exists() and all(path.stat().st_mtime >= each.stat().st_mtime for each in reports)):
        return
    pages = [each.read_text(encoding="utf-8") for each in reports]
    bodies = [page[page.index("<body>") + len("<body>") : page.rindex("</body>")] for page in pages]
    head, foot = pages[0].partition("<body>")[0], pages[0][pages[0].rindex("</body>") :]
    with told_to_the_user(root), write_whole_file(path) as part:
        part.write_text(f"{head}<body>{''.join(bodies)}{foot}", encoding="utf-8")
