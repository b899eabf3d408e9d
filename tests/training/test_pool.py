"""The pool of compiled networks."""

import threading

import pytest

from skdeepnlp.training import NetworkPool


class Compiled:
    """Stands in for a compiled network."""

    intact = True


def test_a_network_given_back_is_lent_again():
    pool = NetworkPool()
    with pool.borrow("shape", Compiled) as first:
        pass
    with pool.borrow("shape", Compiled) as second:
        assert second is first


def test_another_shape_gets_another_network():
    pool = NetworkPool()
    with pool.borrow("shape", Compiled) as first:
        pass
    with pool.borrow("other", Compiled) as second:
        assert second is not first
    assert len(pool) == 2


def test_two_borrowers_at_once_never_share_a_network():
    pool = NetworkPool()
    with pool.borrow("shape", Compiled) as first, pool.borrow("shape", Compiled) as second:
        assert first is not second


def test_threads_never_share_a_network():
    pool, lent, clashes = NetworkPool(), set(), []

    def work():
        for _ in range(200):
            with pool.borrow("shape", Compiled) as network:
                if network in lent:
                    clashes.append(network)
                lent.add(network)
                lent.discard(network)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not clashes
    assert 1 <= len(pool) <= 4


def test_the_longest_idle_network_is_forgotten_first():
    pool = NetworkPool(max_size=2)
    for shape in ("a", "b", "a", "c"):
        with pool.borrow(shape, Compiled):
            pass
    assert len(pool) == 2
    built = []
    for shape in ("a", "c"):
        with pool.borrow(shape, lambda: built.append(1) or Compiled()):
            pass
    assert not built


def test_a_network_in_whose_hands_an_error_occurred_is_not_taken_back():
    pool = NetworkPool()
    with pytest.raises(ValueError, match="broken"), pool.borrow("shape", Compiled):
        raise ValueError("broken")
    assert len(pool) == 0


def test_a_network_that_is_not_intact_is_not_taken_back():
    pool = NetworkPool()
    with pool.borrow("shape", Compiled) as network:
        network.intact = False
    assert len(pool) == 0


def test_clear_forgets_every_network():
    pool = NetworkPool()
    with pool.borrow("shape", Compiled):
        pass
    pool.clear()
    assert len(pool) == 0


def test_a_smaller_size_forgets_the_oldest_at_once():
    pool = NetworkPool(max_size=3)
    for shape in "abc":
        with pool.borrow(shape, Compiled):
            pass
    pool.max_size = 1
    assert len(pool) == 1
    with pool.borrow("c", lambda: pytest.fail("the newest was forgotten")):
        pass


def test_a_pool_of_size_zero_keeps_nothing():
    pool = NetworkPool(max_size=0)
    with pool.borrow("a", Compiled):
        pass
    assert len(pool) == 0


@pytest.mark.parametrize("size", [-1, 2.5, None])
def test_a_size_that_is_no_count_is_refused(size):
    with pytest.raises(ValueError, match="expected an int from 0 up"):
        NetworkPool().max_size = size
