"""Who learns and who is judged, and with which settings."""

from pathlib import Path

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.experiment.folds import HOLDOUT, chosen_presets, folds_of, labelled_people
from DLPFCSegmenterLib.labels.splits import LabelledScan
from DLPFCSegmenterLib.networks.configuration import PAPER, MaskRCNNConfig


def scans(people, each=1):
    names = [f"p{n:02}{f'_run-{r}' if each > 1 else ''}" for n in range(people) for r in range(each)]
    return [LabelledScan(Path(f"{n}_T1w.nii.gz"), Path(f"{n}_dlmuse.nii.gz"), n[:3]) for n in names]


def people_of(part):
    return {scan.subject for scan in part}


def test_the_papers_numbers_are_drawn_and_everybody_is_judged_once():
    folds = folds_of(scans(60), (32, 20), 5, seed=1)
    assert [fold.name for fold in folds] == [HOLDOUT, "fold-1", "fold-2", "fold-3", "fold-4", "fold-5"]
    holdout = folds[0].split
    assert (len(people_of(holdout.train)), len(people_of(holdout.val))) == (32, 20)
    drawn = people_of(holdout.train) | people_of(holdout.val)
    judged = [person for fold in folds[1:] for person in people_of(fold.split.val)]
    assert sorted(judged) == sorted(drawn) and len(drawn) == 52
    assert all(people_of(f.split.train) | people_of(f.split.val) == drawn for f in folds)


def test_all_scans_of_a_person_stay_together_and_the_seed_alone_decides():
    several = scans(8, each=2)
    folds = folds_of(several, (4, 3), 3, seed=2)
    again = folds_of(several[::-1], (4, 3), 3, seed=2)
    for one, other in zip(folds, again, strict=True):
        assert people_of(one.split.val) == people_of(other.split.val)
        assert not people_of(one.split.train) & people_of(one.split.val)
    assert people_of(folds[0].split.val) != people_of(folds_of(several, (4, 3), 3, seed=3)[0].split.val)


def test_without_folds_there_is_one_split():
    assert [fold.name for fold in folds_of(scans(5), (3, 2), 0, seed=0)] == [HOLDOUT]


@pytest.mark.parametrize(
    "people, folds, words", [((32, 20), 5, "52 are wanted"), ((1, 2), 0, "too few"), ((3, 2), 4, "4 folds of 5")]
)
def test_numbers_that_cannot_be_are_refused(people, folds, words):
    with pytest.raises(UserError, match=words):
        folds_of(scans(6), people, folds, seed=0)


def test_settings_and_starts_are_for_all_presets_or_for_one():
    paper, ours = chosen_presets(
        ("paper", "dlpfc", "paper"),
        ["batch=3", "paper:batch=1", "dlpfc:pretrain_steps=9", "all_epochs=2"],
        ["paper:imagenet", "weights.pt"],
    )
    assert (paper.config.batch, ours.config.batch) == (1, 3)
    assert (paper.config.pretrain_steps, ours.config.pretrain_steps) == (0, 9)
    assert paper.config.all_epochs == ours.config.all_epochs == 2
    assert (paper.start, ours.start) == ("imagenet", "weights.pt")


def test_without_settings_the_presets_are_as_published():
    paper, ours = chosen_presets(("paper", "dlpfc"), [], [])
    assert (paper.config, ours.config) == (PAPER, MaskRCNNConfig()) and paper.start == ours.start == "none"
    with pytest.raises(UserError, match="Unknown preset 'theirs'"):
        chosen_presets(("theirs",), [], [])


def test_people_of_train_and_val_are_pooled(tmp_path):
    for part, name in (("train", "a"), ("val", "b")):
        (tmp_path / part).mkdir()
        for kind in ("T1w", "dlmuse"):
            (tmp_path / part / f"{name}_{kind}.nii.gz").touch()
    assert [scan.name for scan in labelled_people(tmp_path)] == ["a", "b"]
    assert [scan.name for scan in labelled_people(tmp_path / "val")] == ["b"]
