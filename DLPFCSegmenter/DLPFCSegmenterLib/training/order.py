"""What `dlpfc train` is asked to learn: from which dataset, and from which first weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ..errors import UserError
from ..files import file_sha256, told_to_the_user
from .pictures import TABLE, Told
from .prepare import dataset_description, dataset_folder
from .run import Run
from .via import is_via_file, read_via

STARTS = ("none", "imagenet", "coco")
"""Names of first weights that are no file."""


@dataclass(frozen=True)
class Order:
    """What `dlpfc train` is asked to learn.

    dataset   a folder of `dlpfc prepare`, or an annotation file, about whose pictures `told` says more
    settings  'name=value', of the preset's configuration
    start     a word of `STARTS` or a weights file
    dry       draw what the network would be shown, and learn nothing
    """

    dataset: Path
    preset: str
    settings: Sequence[str] = ()
    start: str = "none"
    told: Told | None = None
    dry: bool = False

    @property
    def described(self) -> dict:
        """What `dataset.json` says; nothing of an annotation file. Raises UserError for any other dataset."""
        return {} if is_via_file(self.dataset) else dataset_description(dataset_folder(self.dataset))

    def begun(self, run: Run) -> Run:
        """The run that knows what it learns from and begins with; its folder is there. Raises UserError as they do."""
        with told_to_the_user(run.folder):
            run.folder.mkdir(parents=True, exist_ok=True)
        return replace(run, learnt_from=fingerprint_of(self.dataset, self.told), began_from=start_of(self.start))


def fingerprint_of(dataset: Path, told: Told | None = None) -> str:
    """SHA-256 of what is learnt from, wherever it lies: scans of a prepared folder, or annotations and pictures.

    told  what is said of the pictures beside
    """
    said = told or Told()
    if is_via_file(dataset):
        pictures = [each.path for each in read_via(dataset, keep_empty=True)]
        files = [dataset, *filter(Path.is_file, (said.table or dataset.parent / TABLE, *pictures))]
    else:
        files = sorted(dataset_folder(dataset).glob("*/volumes/*.npz"))
    lines = [f"{path.parent.parent.name}/{path.name} {file_sha256(path)}" for path in files]
    return sha256("\n".join([*lines, str(replace(said, table=None))]).encode()).hexdigest()


def start_of(start: str) -> tuple[str, str]:
    """What a training begins from: a word of `STARTS` and '', or a file's name and SHA-256.

    Raises UserError where it is neither.
    """
    if start in STARTS:
        return start, ""
    if not Path(start).is_file():
        raise UserError(
            "{start}: there is no weights file of this name, nor is it one of {words}; correct the start.",
            start=start,
            words=", ".join(STARTS),
        )
    return Path(start).name, file_sha256(Path(start))
