"""Weights of several sites as one: their mean by people, what stays a site's own, and what cannot be merged."""

import json
from dataclasses import replace

import pytest
import torch

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.files import file_sha256
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.merge import mean_state, merge_weights, normalisation_of
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from small_config import SMALL, SMALL_WINDOW

LABEL = "a small region"


def site(path, seed, label=LABEL, change=None, **settings):
    """A site's weights file of a small U-Net; `change` is done to its state before it is written."""
    torch.manual_seed(seed)
    config = replace(SMALL_WINDOW, **settings)
    network = build_unet(config)
    if change:
        with torch.no_grad():
            change(network)
    save_weights(path, {"id": path.stem, "label_definition": label}, {"unet": Trained(network, config)})
    return path


@pytest.fixture
def sites(tmp_path):
    return [site(tmp_path / f"{name}.pt", seed) for seed, name in enumerate("abc")]


def states(*paths):
    return [load_model(path).networks["unet"].network.state_dict() for path in paths]


def test_each_site_counts_by_its_people(sites, tmp_path):
    merge_weights(sites, [12, 30, 8], tmp_path / "g.pt")
    a, b, c, merged = states(*sites, tmp_path / "g.pt")
    for name, value in merged.items():
        expected = (12 * a[name] + 30 * b[name] + 8 * c[name]) / 50 if value.is_floating_point() else a[name]
        torch.testing.assert_close(value, expected, atol=2e-3, rtol=2e-3)
    assert any(not torch.equal(a[name], merged[name]) for name in merged)


def test_one_that_is_everybody_is_itself_and_the_order_changes_nothing(sites, tmp_path):
    merge_weights([sites[0], sites[0]], [1, 7], tmp_path / "same.pt")
    merge_weights(sites, [1, 2, 3], tmp_path / "one.pt")
    merge_weights(sites[::-1], [3, 2, 1], tmp_path / "other.pt")
    a, same, one, other = states(sites[0], tmp_path / "same.pt", tmp_path / "one.pt", tmp_path / "other.pt")
    for name in a:
        torch.testing.assert_close(same[name], a[name])
        torch.testing.assert_close(one[name], other[name], atol=1e-3, rtol=1e-3)


def test_normalisation_stays_the_first_sites_own_where_that_is_asked_for(tmp_path):
    def shift(network):
        for name, value in network.named_parameters():
            if name in normalisation_of(network):
                value.add_(1.0)

    paths = [site(tmp_path / "a.pt", 0), site(tmp_path / "b.pt", 1, change=shift)]
    merge_weights(paths, [1, 1], tmp_path / "own.pt", keep_local_norm=True)
    merge_weights(paths, [1, 1], tmp_path / "all.pt")
    a, own, everything = states(paths[0], tmp_path / "own.pt", tmp_path / "all.pt")
    norms = normalisation_of(build_unet(SMALL_WINDOW))
    assert norms and norms < a.keys()
    assert all(torch.equal(own[name], a[name]) for name in norms)
    assert not all(torch.equal(everything[name], a[name]) for name in norms)
    assert not all(torch.equal(own[name], a[name]) for name in a.keys() - norms)


def test_normalisation_is_found_with_its_running_statistics_and_in_a_mask_rcnn():
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2))
    assert normalisation_of(network) == {f"1.{each}" for each in (
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked"
    )}  # fmt: skip
    assert normalisation_of(build_network(SMALL))


def test_counts_are_no_means_and_a_half_keeps_its_kind():
    one = {"seen": torch.tensor(3), "w": torch.tensor([1.0], dtype=torch.float16)}
    other = {"seen": torch.tensor(9), "w": torch.tensor([2.0], dtype=torch.float16)}
    mean = mean_state([one, other], [3, 1])
    assert mean["seen"] == 3 and mean["w"].dtype == torch.float16 and float(mean["w"]) == 1.25


def test_the_card_names_every_part_by_its_hash_and_counts_the_rounds(sites, tmp_path):
    merge_weights(sites[:2], [12, 30], tmp_path / "one.pt")
    merge_weights([tmp_path / "one.pt", sites[2]], [42, 8], tmp_path / "two.pt", keep_local_norm=True)
    one, two = (json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8")) for name in ("one", "two"))
    assert [part["sha256"] for part in one["merged"]] == [file_sha256(path) for path in sites[:2]]
    assert [part["people"] for part in one["merged"]] == [12, 30] and one["local_norm_of"] is None
    assert (one["rounds"], two["rounds"]) == (1, 2) and two["local_norm_of"] == file_sha256(tmp_path / "one.pt")
    assert one["label_definition"] == LABEL and load_model(tmp_path / "two.pt").sha256 == two["sha256"]


def poison(network):
    next(network.parameters()).view(-1)[0] = float("nan")


@pytest.mark.parametrize(
    "settings, said",
    (
        ({"change": poison}, "hold what is no number"), ({"channels": (4, 6, 10)}, "another architecture"),
        ({"spacing_mm": 2.0}, r"another architecture \(spacing_mm\)"), ({"frame": "mni"}, r"architecture \(frame\)"),
        ({"label": "another region"}, "learnt different labels"),
    ),
)  # fmt: skip
def test_what_cannot_be_merged_is_named_and_nothing_is_written(settings, said, sites, tmp_path):
    bad = site(tmp_path / "bad.pt", 5, **settings)
    with pytest.raises(UserError, match=said) as error:
        merge_weights([*sites, bad], [1, 1, 1, 1], tmp_path / "g.pt")
    assert "bad.pt" in str(error.value) and not list(tmp_path.glob("g.*"))


def test_a_file_of_other_networks_is_named(sites, tmp_path):
    save_weights(
        tmp_path / "slices.pt",
        {"id": "s", "label_definition": LABEL},
        {"mask-rcnn": Trained(build_network(SMALL), SMALL)},
    )
    with pytest.raises(UserError, match="slices.pt: holds mask-rcnn, but the first unet"):
        merge_weights([sites[0], tmp_path / "slices.pt"], [1, 1], tmp_path / "g.pt")


def test_sites_may_have_learnt_in_different_ways(sites, tmp_path):
    other = site(tmp_path / "slow.pt", 6, lr=0.0001, steps=9, name="slow")
    merge_weights([sites[0], other], [1, 1], tmp_path / "g.pt")
    assert load_model(tmp_path / "g.pt").networks["unet"].config.lr == SMALL_WINDOW.lr


@pytest.mark.parametrize("people", ([1, 2], [1, 2, 0], [1, 2, -3], [1, 2, float("nan")], [1, 2, float("inf")], []))
def test_numbers_of_people_that_make_no_sense_are_told(people, sites, tmp_path):
    with pytest.raises(UserError, match="for each a number above 0"):
        merge_weights(sites, people, tmp_path / "g.pt")


def test_weights_are_not_written_under_the_name_of_their_card(sites, tmp_path):
    with pytest.raises(UserError, match="ends in .pt"):
        merge_weights(sites, [1, 1, 1], tmp_path / "g.json")
    assert not list(tmp_path.glob("g.*"))


def test_the_command_merges_and_replaces_nothing(sites, tmp_path, capsys):
    command = ["merge", *map(str, sites), "--weights", "12", "30", "8", "--output", str(tmp_path / "g.pt")]
    assert main(command) == 0
    before = (tmp_path / "g.pt").read_bytes()
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().err and (tmp_path / "g.pt").read_bytes() == before
