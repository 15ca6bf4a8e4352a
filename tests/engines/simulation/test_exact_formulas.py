"""Where an answer can be had in two ways that share nothing, both give the same."""

from __future__ import annotations

from math import exp, inf

import pytest

from .exact import blocking, breakdowns, impatience, networks, periodic, priorities, sharing, stations

CLOSE = {"rel": 1e-9}


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 2.5), (12, 9.0)])
def test_the_loss_recursion_is_the_sum_it_stands_for(servers, load):
    assert stations.erlang_b(servers, load) == pytest.approx(stations.erlang_b_sum(servers, load), **CLOSE)


@pytest.mark.parametrize(("rate", "service", "servers"), [(0.8, 1.0, 1), (0.5, 5.0, 3), (1.6, 4.0, 8)])
def test_a_long_limited_queue_is_the_unlimited_one(rate, service, servers):
    limited = stations.mmck(rate, service, servers, 900)
    for metric, value in stations.mmc(rate, service, servers).items():
        if metric in limited:
            assert limited[metric] == pytest.approx(value, **CLOSE), metric


def test_exponential_service_makes_pollaczek_khinchine_the_simple_queue():
    simple = stations.mmc(0.3, 2.5)
    assert stations.mg1(0.3, *stations.erlang_moments(1, 2.5)) == pytest.approx(simple, **CLOSE)


def test_fixed_service_at_one_server_is_pollaczek_khinchine():
    crommelin, formula = stations.mdc(0.32, 2.5, 1), stations.mg1(0.32, 2.5, 2.5**2)
    for metric, value in crommelin.items():
        assert value == pytest.approx(formula[metric], **CLOSE), metric


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_root_of_the_arrivals_is_their_chain(k):
    root = stations.gm1(stations.erlang_transform(k, 2.0), 0.5, 1.7)
    chain = stations.erlang_arrivals_chain(k, 2.0, 1.7, 1)
    for metric, value in chain.items():
        assert value == pytest.approx(root[metric], **CLOSE), metric


def test_batches_wait_as_they_see_and_as_the_books_say():
    several = stations.batches_on_servers(0.1, 4, 6.0, 3)
    assert several["wait_mean_seen"] == pytest.approx(several["wait_mean"], **CLOSE)
    one = stations.batches_on_servers(0.1, 3, 2.5, 1)
    assert one["in_node_mean"] == pytest.approx(stations.batches_at_one(0.1, 3, 9, 2.5), **CLOSE)


def test_priorities_at_several_servers_are_the_chain():
    formula = priorities.several_servers([0.2, 0.3], 4.0, 3)
    chain = priorities.several_servers_chain([0.2, 0.3], [4.0, 4.0], 3, 90)
    assert chain == pytest.approx(formula, rel=1e-7)


def test_priorities_at_one_server_are_the_chain():
    flows = [(0.15, 2.0, 8.0), (0.1, 4.0, 32.0)]
    chain = priorities.several_servers_chain([0.15, 0.1], [2.0, 4.0], 1, 110)
    assert chain == pytest.approx(priorities.cobham(flows), rel=1e-7)


def test_interruptions_at_one_server_are_the_chain():
    flows = [(0.15, 2.0, 8.0), (0.1, 4.0, 32.0)]
    chain = priorities.preemptive_chain([0.15, 0.1], [2.0, 4.0], 1, 120)
    assert chain == pytest.approx(priorities.preemptive_resume(flows), rel=1e-7)


def test_rising_priorities_lie_between_first_come_and_fixed_and_keep_the_work():
    flows = [(0.15, 2.0, 8.0), (0.1, 4.0, 32.0)]
    fixed = priorities.cobham(flows)
    assert priorities.rising(flows, [1e9, 1.0]) == pytest.approx(fixed, rel=1e-6)
    same = priorities.rising(flows, [1.0, 1.0])
    assert same[0] == pytest.approx(same[1], **CLOSE)
    between = priorities.rising(flows, [3.0, 1.0])
    assert fixed[0] < between[0] < same[0]
    work = [sum(r * m * w for (r, m, _), w in zip(flows, waits, strict=True)) for waits in (fixed, same, between)]
    assert work == pytest.approx([work[0]] * 3, **CLOSE)


def test_a_closed_network_is_its_chain():
    formula = networks.closed_network([(1, 6.0, inf), (0.7, 2.0, 1), (0.3, 7.0, 2)], 7)
    chain = networks.closed_chain([6.0, 2.0, 7.0], [inf, 1, 2], [[0, 0.7, 0.3], [1, 0, 0], [1, 0, 0]], 7)
    for one, other in zip(formula, chain, strict=True):
        for metric, value in other.items():
            assert value == pytest.approx(0 if value == 0 else one[metric], rel=1e-8, abs=1e-12), metric


def test_two_closed_classes_are_the_chain_of_their_order():
    services, servers = [5.0, 2.0, 3.0], [inf, 1, 1]
    formula = networks.closed_classes(services, servers, [[1, 1, 0], [1, 1, 1]], [2, 2])
    chain = networks.closed_classes_chain(services, servers, [[0, 1], [0, 1, 2]], [2, 2])
    for i in range(3):
        for r in range(2):
            for metric, value in chain[i][r].items():
                assert value == pytest.approx(formula[i][r][metric], rel=1e-8, abs=1e-12), (i, r, metric)


def test_one_class_by_mean_values_is_the_convolution():
    formula = networks.closed_network([(1, 8.0, inf), (1, 3.0, 1), (2, 1.0, 1)], 5)
    by_means = networks.closed_classes([8.0, 3.0, 1.0], [inf, 1, 1], [[1, 1, 2]], [5])
    for one, other in zip(formula, by_means, strict=True):
        assert one["throughput"] == pytest.approx(other[0]["throughput"], **CLOSE)
        assert one["in_node_mean"] == pytest.approx(other[0]["in_node_mean"], **CLOSE)


def test_a_line_never_short_of_work_is_the_formula_of_two_stations():
    line = blocking.ServiceLine(400.0, [2.0, 3.0], [1, 1], [30, 2])
    assert line.throughput() == pytest.approx(blocking.saturated_pair(2.0, 3.0, 2), rel=1e-6)


def test_a_line_with_ample_places_is_jackson():
    line = blocking.ServiceLine(0.5, [1.0, 1.4], [1, 2], [80, 80])
    first, second = stations.mmc(0.5, 1.0), stations.mmc(0.5, 1.4, 2)
    assert line.queue(0) == pytest.approx(first["queue_len_mean"], rel=1e-6)
    assert line.queue(1) == pytest.approx(second["queue_len_mean"], rel=1e-6)


def test_failures_idle_or_not_are_white_and_christie():
    chain = breakdowns.kept_units(0.2, 2.5, 1, 60.0, 12.0, True, 800)
    assert chain["in_node_mean"] == pytest.approx(breakdowns.white_christie(0.2, 2.5, 60.0, 12.0), **CLOSE)
    free = breakdowns.free_units(0.2, 2.5, 1, 60.0, 12.0, 800)
    assert free["in_node_mean"] == pytest.approx(chain["in_node_mean"], **CLOSE)


def test_failures_in_service_are_avi_itzhak_and_naor():
    chain = breakdowns.kept_units(0.2, 2.5, 1, 60.0, 12.0, False, 800)
    formula = breakdowns.resumed(0.2, 2.5, 2 * 2.5**2, 60.0, 12.0, 2 * 12.0**2)
    for metric in ("wait_mean", "wait_prob", "queue_len_mean"):
        assert chain[metric] == pytest.approx(formula[metric], **CLOSE), metric


def test_repeated_services_rarely_interrupted_are_resumed_ones():
    rare = breakdowns.repeated(0.2, 2.5, 1e6, 12.0, 288.0), breakdowns.resumed(0.2, 2.5, 2.5**2, 1e6, 12.0, 288.0)
    assert rare[0]["wait_mean"] == pytest.approx(rare[1]["wait_mean"], rel=1e-5)
    worse = breakdowns.repeated(0.2, 2.5, 30.0, 12.0, 288.0), breakdowns.resumed(0.2, 2.5, 2.5**2, 30.0, 12.0, 288.0)
    assert worse[0]["wait_mean"] > worse[1]["wait_mean"]


def test_exponential_patience_is_erlang_a_by_the_density_of_the_offered_wait():
    chain = impatience.erlang_a(1.2, 2.0, 2, 5.0)
    density = impatience.mixed_patience(1.2, 2.0, 2, [(1.0, 5.0)])
    for metric, value in density.items():
        assert value == pytest.approx(chain[metric], **CLOSE), metric


@pytest.mark.parametrize("rate", [0.3, 0.5, 0.8])
def test_fixed_patience_at_one_server_is_barrer(rate):
    density = impatience.fixed_patience(rate, 2.0, 1, 6.0)
    assert density["renege_prob"] == pytest.approx(impatience.fixed_patience_at_one(rate, 2.0, 6.0), **CLOSE)
    assert density["utilisation"] == pytest.approx(rate * 2.0 * (1 - density["renege_prob"]), **CLOSE)


def test_a_day_of_opening_hours_is_the_same_by_states_by_steps_and_by_what_happens_at_night():
    phases = [periodic.Phase(40.0, 0.3, 2), periodic.Phase(20.0, 0.3, 0)]
    clock = periodic.Clockwork(phases, 3.0, 45)
    waiting, served = clock.means()
    assert served == pytest.approx(0.9, rel=1e-7)
    assert waiting == pytest.approx(periodic.finishing_queue(0.3, 3.0, 2, 40.0, 20.0, 90), rel=1e-7)
    assert clock.means_by_steps(25) == pytest.approx((waiting, served), rel=1e-7)


def test_a_station_that_never_closes_is_the_simple_queue():
    waiting, _ = periodic.Clockwork([periodic.Phase(5.0, 0.3, 2)], 3.0, 60).means()
    assert waiting == pytest.approx(stations.mmc(0.3, 3.0, 2)["queue_len_mean"], rel=1e-7)
    over = periodic.emptying_queue(0.3, 3.0, 2, 50.0, 1e-9, 90)
    assert over[0] == pytest.approx(waiting, rel=1e-6)


def test_infinitely_many_servers_follow_their_differential_equation():
    rates, mean = [(0.0, 1.0), (60.0, 3.0), (120.0, 0.5)], 20.0
    by_tail = periodic.infinite_servers(rates, lambda t: mean * (1 - exp(-t / mean)), (30.0, 150.0), 40)
    there, now, area = 0.0, 0.0, 0.0
    for t in (30.0, 60.0, 120.0, 150.0):
        rate = [r for begin, r in rates if begin <= now][-1]
        level, passed = rate * mean, t - now
        if now >= 30.0:
            area += level * passed + (there - level) * mean * (1 - exp(-passed / mean))
        there, now = level + (there - level) * exp(-passed / mean), t
    assert by_tail == pytest.approx(area / 120.0, **CLOSE)


def test_shared_units_are_lost_as_kaufman_and_roberts_say_and_as_the_chain_says():
    flows = [(0.5, 4.0, 1), (0.2, 5.0, 3)]
    assert sharing.shared_capacity(8, flows) == pytest.approx(sharing.shared_capacity_chain(8, flows), **CLOSE)


def test_pairs_leave_as_often_on_both_sides():
    pairs = sharing.double_ended(0.5, 0.4, (6, 3))
    assert pairs["pairs"] == pytest.approx(pairs["pairs_second"], **CLOSE)
    blocked = sharing.blocked_pairing(0.4, 1.5, 3, 0.45, (4, 5))
    assert blocked["pairs"] == pytest.approx(0.45 * (1 - blocked["loss_partners"]), **CLOSE)
    quick = sharing.blocked_pairing(0.4, 1e-6, 0, 0.45, (4, 5))
    assert quick["queue_partners"] == pytest.approx(sharing.double_ended(0.4, 0.45, (5, 5))["queue_second"], rel=1e-4)


def test_lanes_that_never_close_again_are_so_many_servers():
    assert sharing.lanes(0.5, 3.0, 2, 1, -1)["queue_len_mean"] == pytest.approx(
        stations.mmc(0.5, 3.0, 3)["queue_len_mean"], rel=1e-7
    )
    assert sharing.lanes(0.5, 3.0, 2, 300, 1)["queue_len_mean"] == pytest.approx(
        stations.mmc(0.5, 3.0, 2)["queue_len_mean"], rel=1e-7
    )


def test_ample_pools_are_no_limit_and_groups_have_members_either_way():
    ample = sharing.tokens(0.5, 60, 5.0, 1.4, 3)
    assert ample["wait_second"] == pytest.approx(stations.mmc(0.5, 1.4)["wait_mean"], rel=1e-7)
    assert sharing.collected(0.2, 5, 15.0)[1] == pytest.approx(sharing.collected_by_members(0.2, 5, 15.0), **CLOSE)


def test_balking_for_certain_is_a_limited_queue():
    balked, limited = sharing.balking(0.5, 3.0, 2, 4, 1.0), stations.mmck(0.5, 3.0, 2, 4)
    assert balked["queue_len_mean"] == pytest.approx(limited["queue_len_mean"], **CLOSE)
    assert balked["gone"] == pytest.approx(0.5 * limited["loss_prob"], **CLOSE)


def test_the_shortest_of_two_queues_keeps_its_flow():
    values = sharing.shortest(0.7, (1.2, 2.0), (1, 2), 70)
    assert values["throughput_0"] + values["throughput_1"] == pytest.approx(0.7, rel=1e-7)
