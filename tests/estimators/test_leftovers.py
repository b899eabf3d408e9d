"""What scikeras' wrappers leave on a classifier."""

import pytest


def test_attention_weights_say_which_pooling_they_need(toy):
    assert hasattr(toy(pooling="attention"), "attention_weights")
    with pytest.raises(AttributeError) as raised:
        toy().attention_weights  # noqa: B018
    assert str(raised.value.__cause__) == (
        "attention_weights needs pooling='attention'; got pooling='max+mean'."
    )


def test_the_current_epoch_of_scikeras_counts_on(toy, ids_and_labels):
    classifier = toy()
    assert classifier.current_epoch == 0
    assert classifier.initialize(*ids_and_labels).current_epoch == 0
    assert classifier.partial_fit(*ids_and_labels).current_epoch == 1
    assert classifier.fit(*ids_and_labels).current_epoch == 2
