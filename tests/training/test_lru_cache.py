"""A cache within a limit of bytes."""

import pytest

from skdeepnlp.training import NetworkPool
from skdeepnlp.training._network_pool import LRUCache


def test_what_is_in_cache_is_not_made_again():
    cache = LRUCache(10, len)
    made = cache.get("a", lambda: [1])
    assert cache.get("a", list) is made
    cache.clear()
    assert cache.get("a", list) == []


def test_cache_forgets_what_was_not_asked_for_longest():
    cache = LRUCache(6, len)
    for key in "abc":
        cache.get(key, lambda: [0, 0])
    cache.get("a", list)
    cache.get("d", lambda: [0, 0])
    assert len(cache) == 3
    assert cache.get("b", lambda: ["anew"]) == ["anew"]
    assert cache.get("a", list) == [0, 0]


def test_cache_does_not_keep_what_alone_is_too_large():
    cache = LRUCache(1, len)
    cache.get("a", lambda: [0])
    assert cache.get("b", lambda: [0, 0]) == [0, 0]
    assert len(cache) == 1
    assert cache.get("a", list) == [0]


def test_what_is_made_while_all_is_forgotten_is_not_kept():
    cache = LRUCache(10, len)
    for forget in (cache.clear, cache.close):

        def make(forget=forget):
            forget()
            return [0]

        assert cache.get("a", make) == [0]
        assert len(cache) == 0


def test_what_fails_is_not_remembered():
    cache = LRUCache(10, len)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: [1]) == [1]


def test_what_another_thread_made_meanwhile_counts_once():
    cache = LRUCache(3, len)

    def make():
        cache.get("a", lambda: [0, 0])
        return [1, 1]

    assert cache.get("a", make) == [1, 1]
    cache.get("b", lambda: [0])
    assert len(cache) == 2


def test_a_cache_is_cleared_and_closed_with_its_pool():
    pool = NetworkPool()
    cache = pool.cache(10, len)
    cache.get("a", lambda: [0])
    pool.clear()
    assert len(cache) == 0
    cache.get("a", lambda: [0])
    pool.max_size = 0
    assert len(cache) == 0
    cache.get("a", lambda: [0])
    assert len(cache) == 0
    pool.max_size = 1
    cache.get("a", lambda: [0])
    assert len(cache) == 1


def test_a_cache_of_a_pool_that_keeps_nothing_is_closed():
    cache = NetworkPool(max_size=0).cache(10, len)
    cache.get("a", lambda: [0])
    assert len(cache) == 0
