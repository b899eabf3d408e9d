"""What scikeras hangs on a classifier either works or says what to use instead."""

import pytest

from skdeepnlp import LSTMClassifier

INSTEAD = {
    "feature_encoder": "in a Pipeline",
    "scorer": "Use score",
    "target_encoder": "fit encodes them",
}


def public_names(classifier):
    """All names, those too that scikit-learn's own dir leaves out because they raise."""
    names = {*dir(type(classifier)), *vars(classifier)}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("is_fitted", [False, True])
def test_every_public_attribute_works_or_says_what_to_use(is_fitted, toy, ids_and_labels):
    classifier = toy(epochs=1)
    if is_fitted:
        classifier.fit(*ids_and_labels)
    broken = {name for name in public_names(classifier) if not hasattr(classifier, name)}
    # model_ raises NotFittedError before fit; attention_weights is there for one pooling
    assert broken - {"model_"} == {"attention_weights", *INSTEAD}
    assert ("model_" in broken) is not is_fitted


@pytest.mark.parametrize("name", INSTEAD)
def test_a_leftover_says_what_to_use(name, toy):
    message = f"LSTMClassifier has no '{name}', which scikeras.*{INSTEAD[name]}"
    with pytest.raises(AttributeError, match=message):
        getattr(toy(), name)


def test_attention_weights_say_which_pooling_they_need(toy):
    assert hasattr(toy(pooling="attention"), "attention_weights")
    with pytest.raises(AttributeError) as raised:
        toy().attention_weights  # noqa: B018
    assert str(raised.value.__cause__) == (
        "attention_weights needs pooling='attention'; got pooling='max+mean'."
    )


def test_nothing_else_public_comes_from_scikeras_alone():
    owner_by_name = {
        name: next(owner for owner in LSTMClassifier.__mro__ if name in vars(owner))
        for name in public_names(LSTMClassifier())
    }
    left = {n for n, owner in owner_by_name.items() if owner.__module__.startswith("scikeras")}
    assert left == {"current_epoch"}


def test_the_current_epoch_of_scikeras_counts_on(toy, ids_and_labels):
    classifier = toy()
    assert classifier.current_epoch == 0
    assert classifier.initialize(*ids_and_labels).current_epoch == 0
    assert classifier.partial_fit(*ids_and_labels).current_epoch == 1
    assert classifier.fit(*ids_and_labels).current_epoch == 2
