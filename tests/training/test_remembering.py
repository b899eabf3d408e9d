"""A memory of what was made, within a limit."""

import pytest

from skdeepnlp.training import NetworkPool
from skdeepnlp.training._remembering import Memory


def test_what_is_in_memory_is_not_made_again():
    memory = Memory(10, len)
    made = memory.get("a", lambda: [1])
    assert memory.get("a", list) is made
    memory.clear()
    assert memory.get("a", list) == []


def test_memory_forgets_what_was_not_asked_for_longest():
    memory = Memory(6, len)
    for key in "abc":
        memory.get(key, lambda: [0, 0])
    memory.get("a", list)
    memory.get("d", lambda: [0, 0])
    assert len(memory) == 3
    assert memory.get("b", lambda: ["anew"]) == ["anew"]
    assert memory.get("a", list) == [0, 0]


def test_memory_does_not_keep_what_alone_is_too_large():
    memory = Memory(1, len)
    memory.get("a", lambda: [0])
    assert memory.get("b", lambda: [0, 0]) == [0, 0]
    assert len(memory) == 1
    assert memory.get("a", list) == [0]


def test_what_is_made_while_all_is_forgotten_is_not_kept():
    memory = Memory(10, len)
    for forget in (memory.clear, memory.close):

        def make(forget=forget):
            forget()
            return [0]

        assert memory.get("a", make) == [0]
        assert len(memory) == 0


def test_what_fails_is_not_remembered():
    memory = Memory(10, len)
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 / 0)
    assert memory.get("a", lambda: [1]) == [1]


def test_what_another_thread_made_meanwhile_counts_once():
    memory = Memory(3, len)

    def make():
        memory.get("a", lambda: [0, 0])
        return [1, 1]

    assert memory.get("a", make) == [1, 1]
    memory.get("b", lambda: [0])
    assert len(memory) == 2


def test_a_memory_is_cleared_and_closed_with_its_pool():
    pool = NetworkPool()
    memory = pool.memory(10, len)
    memory.get("a", lambda: [0])
    pool.clear()
    assert len(memory) == 0
    memory.get("a", lambda: [0])
    pool.max_size = 0
    assert len(memory) == 0
    memory.get("a", lambda: [0])
    assert len(memory) == 0
    pool.max_size = 1
    memory.get("a", lambda: [0])
    assert len(memory) == 1


def test_a_memory_of_a_pool_that_keeps_nothing_is_closed():
    memory = NetworkPool(max_size=0).memory(10, len)
    memory.get("a", lambda: [0])
    assert len(memory) == 0
