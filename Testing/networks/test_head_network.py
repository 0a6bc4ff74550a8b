import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.head_network import (
    CLOSE,
    TURN,
    WIDE,
    HeadConfig,
    build_head_network,
    build_turn_network,
    in_a_cube,
    input_channels,
    load_head_networks,
    save_head_networks,
)

SMALL = HeadConfig(channels=(4, 6, 8), depth=1)
SMALL_CLOSE = HeadConfig("close", 6.4, (4, 6, 8), depth=1)
SMALL_TURN = HeadConfig("turn", 8.0, (4, 6, 8), depth=1)


def some_scan(shape=(24, 32, 16)) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).gamma(2.0, 50.0, shape).astype(np.float32))


def test_the_answer_is_half_as_fine_as_what_is_shown():
    answer = build_head_network(SMALL)(input_channels(some_scan(), torch.ones(24, 32, 16)))
    assert answer.coordinates_mm.shape == answer.logits.shape == (1, 3, 12, 16, 8)


def test_gain_and_offset_of_the_scan_change_nothing():
    scan, seen = some_scan(), torch.ones(24, 32, 16)
    torch.testing.assert_close(input_channels(7.0 * scan - 300.0, seen), input_channels(scan, seen), atol=1e-3, rtol=0)


def test_what_was_not_scanned_does_not_count():
    scan, seen = some_scan(), torch.ones(24, 32, 16)
    seen[:8] = 0.0
    other = scan.clone()
    other[:8] = 1e6
    torch.testing.assert_close(input_channels(other, seen)[:, 1:], input_channels(scan, seen)[:, 1:])


def test_a_slowly_changing_brightness_is_gone_in_the_second_channel():
    scan, seen = some_scan((32, 32, 32)), torch.ones(32, 32, 32)
    shaded = scan * torch.linspace(1.0, 3.0, 32)[:, None, None]
    plain, other = (input_channels(x, seen)[0, :, 4:-4] for x in (scan, shaded))
    assert (plain[1] - other[1]).abs().mean() < 0.5 * (plain[0] - other[0]).abs().mean()


def test_a_scan_of_one_value_is_borne():
    assert torch.isfinite(input_channels(torch.zeros(16, 16, 16), torch.ones(16, 16, 16))).all()


def test_the_mirror_image_is_shown_mirrored():
    scan, seen = some_scan(), torch.ones(24, 32, 16)
    seen[..., :5] = 0.0
    shown, mirrored = input_channels(scan, seen), input_channels(scan.flip(-1), seen.flip(-1))
    torch.testing.assert_close(mirrored.flip(-1), shown)


def test_one_scan_alone_is_answered_as_among_others():
    torch.manual_seed(0)
    network = build_head_network(SMALL).eval()
    one, other = (input_channels(some_scan(), torch.rand(24, 32, 16)) for _ in range(2))
    with torch.inference_mode():
        alone, among = network(one), network(torch.cat([other, one]))
    torch.testing.assert_close(alone.coordinates_mm[0], among.coordinates_mm[1], atol=1e-3, rtol=1e-4)
    torch.testing.assert_close(network(one).coordinates_mm, alone.coordinates_mm, atol=1e-3, rtol=1e-4)


def test_the_number_of_threads_changes_no_digit():
    torch.manual_seed(0)
    network, before, told = build_head_network(CLOSE).eval(), torch.get_num_threads(), []
    channels = input_channels(some_scan((32, 40, 32)), torch.ones(32, 40, 32))
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            with torch.inference_mode():
                told += [network(channels).coordinates_mm, network(channels.repeat(2, 1, 1, 1, 1)).coordinates_mm]
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(alone, told[0]) for alone in told[::2])
    assert all(torch.equal(two, told[1]) for two in told[1::2])


def test_a_scan_in_a_cube_is_one_of_which_less_was_scanned():
    scan, seen = some_scan(), torch.ones(24, 32, 16)
    room = (8, 8, 0, 0, 4, 4)
    padded = input_channels(*(torch.nn.functional.pad(each, room) for each in (scan, seen)))
    cube = in_a_cube(input_channels(scan, seen))
    assert cube.shape == (1, 3, 32, 32, 32)
    torch.testing.assert_close(cube[:, :, 4:-4, :, 8:-8], input_channels(scan, seen))
    torch.testing.assert_close(cube, padded, atol=1e-4, rtol=0)


def test_the_turn_network_says_one_number_of_each_scan():
    cubes = in_a_cube(input_channels(some_scan(), torch.ones(24, 32, 16)))
    assert build_turn_network(SMALL_TURN)(torch.cat([cubes, cubes.flip(2)])).shape == (2,)


def test_a_small_grid_has_finite_gradients_in_half_precision():
    network = build_head_network(HeadConfig(depth=3))
    for _ in range(3):
        with torch.autocast("cpu", torch.bfloat16):
            answer = network(input_channels(some_scan((16, 24, 16)), torch.ones(16, 24, 16)))
        (answer.coordinates_mm.square().mean() + answer.logits.square().mean()).backward()
    assert all(torch.isfinite(p.grad).all() for p in network.parameters())


def test_weights_are_read_as_they_were_written(tmp_path):
    networks = {"wide": build_head_network(SMALL).eval(), "close": build_head_network(SMALL_CLOSE).eval()}
    turn = build_turn_network(SMALL_TURN).eval()
    save_head_networks(tmp_path / "head.pt", {**networks, "turn": turn}, {"seed": 3})
    read = load_head_networks(tmp_path / "head.pt")
    shown = input_channels(some_scan(), torch.ones(24, 32, 16))
    for first, second in ((networks["wide"], read.wide), (networks["close"], read.close)):
        assert first.config == second.config
        with torch.inference_mode():
            told, again = first(shown).coordinates_mm, second(shown).coordinates_mm
        torch.testing.assert_close(told, again, atol=1.0, rtol=0.01)
    with torch.inference_mode():
        torch.testing.assert_close(turn(in_a_cube(shown)), read.turn(in_a_cube(shown)), atol=0.01, rtol=0.01)


def test_the_networks_are_small():
    networks = [*map(build_head_network, (WIDE, CLOSE)), build_turn_network(TURN)]
    assert sum(p.numel() for network in networks for p in network.parameters()) < 1_500_000


def test_a_file_that_lacks_one_of_them_is_refused(tmp_path):
    save_head_networks(tmp_path / "head.pt", {"wide": build_head_network(SMALL)}, {})
    with pytest.raises(UserError, match="wide alone"):
        load_head_networks(tmp_path / "head.pt")


@pytest.mark.parametrize("content", [b"no weights", None])
def test_a_file_that_holds_no_head_networks_is_refused(tmp_path, content):
    path = tmp_path / "head.pt"
    if content is None:
        torch.save({"format": "another"}, path)
    else:
        path.write_bytes(content)
    with pytest.raises(UserError, match="head networks"):
        load_head_networks(path)
