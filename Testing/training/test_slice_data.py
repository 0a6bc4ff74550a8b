"""From a dataset to a weights file, by both kinds of dataset."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.training import mask_rcnn_training
from DLPFCSegmenterLib.training.mask_rcnn_training import run_training
from DLPFCSegmenterLib.training.pictures import read_pictures
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.slice_data import read_training_data
from DLPFCSegmenterLib.training.via import AnnotatedPicture, write_via
from small_config import SMALL

QUICK = replace(SMALL, steps_per_epoch=1, all_epochs=1, pretrain_steps=1)


@pytest.fixture
def prepared(person, tmp_path):
    folder = tmp_path / "dataset"
    for part in ("train", "val"):
        (folder / part / "volumes").mkdir(parents=True)
        person.save(folder / part / "volumes" / f"{part}.npz")
    (folder / "dataset.json").write_text(json.dumps({"region": {"definition": "two balls"}}))
    return folder


@pytest.fixture
def annotated(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    pictures = []
    for subject in ("sub-01", "sub-02"):
        for number in range(3):
            grey = np.full((96, 96), 100, np.uint8)
            grey[30:50, 20:35] = 250
            path = folder / f"{subject}_{number}.png"
            Image.fromarray(grey).save(path)
            attributes = {"subject": subject, "slice": str(number), "pixel_mm": "2", "left_on": "left"}
            pictures.append(AnnotatedPicture(path, grey > 200, attributes))
    write_via(folder / "via.json", pictures, "dlpfc", "test")
    return folder / "via.json"


def test_prepared_dataset_gives_weights_that_load_with_their_card(prepared, tmp_path):
    data = read_training_data(prepared, QUICK)
    assert len(data.people) == 1 and len(data.validation) > 1
    path = run_training(data, QUICK, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    model = load_model(path)
    assert model.networks["mask-rcnn"].config == QUICK and model.label_definition == "two balls"


@pytest.mark.parametrize("start", ["backbone.pt", "all.pt"])
def test_new_heads_begin_on_features_of_one_scale_and_learnt_ones_on_their_own(prepared, tmp_path, monkeypatch, start):
    config = replace(QUICK, pretrain_steps=0)
    learnt = build_network(config)
    torch.save({"network": learnt.backbone.state_dict()}, tmp_path / "backbone.pt")
    save_weights(tmp_path / "all.pt", {}, {"mask-rcnn": Trained(learnt, config)})

    data, run = read_training_data(prepared, config), Run(tmp_path / "run", workers=0)
    seen = torch.stack([each.image for each in data.validation])

    def spread(network):
        with torch.no_grad():
            return float(network.backbone.eval()(seen)["0"].std())

    def begins(network, *_):
        raise StopIteration(spread(network))

    monkeypatch.setattr(mask_rcnn_training, "train", begins)
    with pytest.raises(StopIteration) as begun:
        run_training(data, config, run, str(tmp_path / start), SilentProgress())
    expected = spread(learnt) if start == "all.pt" else 1.0
    assert begun.value.value == pytest.approx(expected, rel=0.05 if start == "all.pt" else 0.5)
    assert spread(learnt) > 1.6


def test_the_region_travels_from_the_dataset_to_the_model_card(prepared, tmp_path):
    region = RegionLabel("balls", (2,), (3,), 0.0)
    (prepared / "dataset.json").write_text(json.dumps({"region": region.to_dict()}))
    data = read_training_data(prepared, QUICK)
    path = run_training(data, QUICK, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    model = load_model(path)
    assert model.label_definition == region.definition == "balls: parcellation labels 2 left; 3 right, whole."
    assert RegionLabel.from_dict(model.card["region"]) == region


def drawn(person, sides):
    """The person as if a mask of these sides had been drawn, without a parcellation."""
    kept = {f"{side}_kji": getattr(person, f"{side}_kji") & (side in sides) for side in ("left", "right")}
    return replace(person, labels_kji=np.zeros_like(person.labels_kji), **kept)


def test_a_side_of_which_nothing_is_known_is_neither_shown_nor_watched(prepared, person):
    drawn(person, ("right",)).save(prepared / "val" / "volumes" / "val.npz")
    drawn(person, ("left",)).save(prepared / "train" / "volumes" / "other.npz")
    source = read_training_data(prepared, QUICK).source
    assert (len(source.people), len(source.twins)) == (2, 1)
    assert all(shown.region.any() for shown in read_training_data(prepared, QUICK).validation)
    for path in (prepared / "train" / "volumes").glob("*.npz"):
        drawn(person, ("right",)).save(path)
    source = read_training_data(prepared, QUICK).source
    assert (len(source.people), len(source.twins)) == (0, 2)
    assert any(source.draw(np.random.default_rng(n)).region.any() for n in range(5))


def test_structures_are_not_learnt_where_the_region_alone_was_drawn(prepared, person, tmp_path):
    drawn(person, ("left", "right")).save(prepared / "train" / "volumes" / "train.npz")
    data = read_training_data(prepared, QUICK)
    with pytest.raises(UserError, match="label_loss"):
        run_training(data, QUICK, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    alone = replace(QUICK, pretrain_steps=0)
    assert load_model(run_training(data, alone, Run(tmp_path / "run", workers=0), "none", SilentProgress()))


def test_structures_are_not_learnt_where_somebody_has_none_on_the_other_side(prepared, person, tmp_path):
    drawn(person, ("right",)).save(prepared / "train" / "volumes" / "other.npz")
    data = read_training_data(prepared, QUICK)
    assert all(person.has_parcellation for person in data.people)
    with pytest.raises(UserError, match="not of everybody"):
        run_training(data, QUICK, Run(tmp_path / "run", workers=0), "none", SilentProgress())


def test_via_dataset_keeps_people_apart_and_trains(annotated, tmp_path):
    config = replace(QUICK, pretrain_steps=0)
    data = read_training_data(annotated, config)
    assert len({p.subject for p in data.source.pictures}) == 1
    assert len(data.validation) == 3
    path = run_training(data, config, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    assert load_model(path).networks["mask-rcnn"].config == config


def test_via_picture_and_mask_reach_the_network_on_the_same_pixels(annotated):
    data = read_training_data(annotated, QUICK)
    shown = data.validation[0]
    bright = shown.image[1].numpy() > shown.image[1].numpy().mean()
    assert (bright == shown.region.numpy()).mean() > 0.99


def test_via_neighbours_are_the_slices_below_and_above_of_the_same_person(annotated):
    for number in range(3):
        grey = np.full((96, 96), 50 + 10 * number, np.uint8)
        Image.fromarray(grey).save(annotated.parent / f"sub-01_{number}.png")
    pictures = {p.grey[1].mean(): p.grey.mean(axis=(1, 2)) for p in read_pictures(annotated, QUICK)}
    assert pictures[60].tolist() == [50, 60, 70]
    assert pictures[50].tolist() == [50, 50, 60]
    alone = read_pictures(annotated, replace(QUICK, context=1))[0]
    assert alone.grey.shape == (1, 96, 96)


def test_warming_up_needs_a_parcellation(annotated, tmp_path):
    data = read_training_data(annotated, QUICK)
    with pytest.raises(UserError, match="pretrain_steps"):
        run_training(data, QUICK, Run(tmp_path / "run", workers=0), "none", SilentProgress())


def test_folder_that_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(UserError, match="dlpfc prepare"):
        read_training_data(tmp_path, QUICK)
