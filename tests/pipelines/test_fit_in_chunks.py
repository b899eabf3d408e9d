"""Pipelines that learn from chunks of rows."""

import itertools
import pickle
import signal
import weakref

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from skdeepnlp.exceptions import TrainingInterruptedWarning
from skdeepnlp.pipelines import _fit_in_chunks, fit_in_chunks, make_text_pipeline

N_ROWS = 10


@pytest.fixture
def chunks(texts, labels):
    """A function that returns the texts and labels of all tests in chunks."""

    def read():
        for start in range(0, len(texts), N_ROWS):
            yield texts[start : start + N_ROWS], labels[start : start + N_ROWS]

    return read


def test_the_steps_learn_what_all_samples_at_once_teach(toy_pipeline, chunks, texts, labels):
    pipeline = toy_pipeline()
    fitted = fit_in_chunks(pipeline, chunks, epochs=1)
    whole = clone(pipeline).fit(texts, labels)
    assert fitted["tokenize"].vocabulary_.tokens == whole["tokenize"].vocabulary_.tokens
    assert fitted["pad"].max_length_ == whole["pad"].max_length_
    assert np.array_equal(fitted[:-1].transform(texts), whole[:-1].transform(texts))


def test_the_classifier_learns_each_chunk_in_each_epoch(toy_pipeline, chunks, texts, labels):
    fitted = fit_in_chunks(toy_pipeline(random_state=0), chunks, epochs=2)
    by_hand = clone(fitted["classify"])
    for _ in range(2):
        for some, of_some in chunks():
            by_hand.partial_fit(fitted[:-1].transform(some), of_some, classes=np.unique(labels))
    expected = by_hand.predict_proba(fitted[:-1].transform(texts))
    assert np.array_equal(fitted.predict_proba(texts), expected)


def test_the_pipeline_given_stays_as_it_was(toy_pipeline, chunks):
    pipeline = toy_pipeline()
    check_is_fitted(fit_in_chunks(pipeline, chunks, epochs=1))
    assert not hasattr(pipeline["tokenize"], "vocabulary_")


def test_epochs_are_those_of_the_classifier_unless_given(toy_pipeline, chunks):
    n_chunks = len(list(chunks()))
    fitted = fit_in_chunks(toy_pipeline(epochs=3), chunks)
    assert fitted["classify"].n_iter_ == 3 * n_chunks


def test_a_label_may_first_come_in_the_last_chunk(toy_pipeline):
    rows = [(["a b", "b a"], ["x", "y"]), (["c a", "a c"], ["z", "x"])]
    fitted = fit_in_chunks(toy_pipeline().set_params(tokenize__min_df=1), rows, epochs=1)
    assert fitted.classes_.tolist() == ["x", "y", "z"]


def test_samples_may_have_several_labels(toy_pipeline, texts):
    several = np.stack([np.arange(len(texts)) % 2, np.arange(len(texts)) % 3 > 0], axis=1)
    fitted = fit_in_chunks(toy_pipeline(), [(texts, several.astype(int))] * 2, epochs=1)
    assert fitted.predict_proba(texts).shape == (len(texts), 2)


def test_a_padder_with_a_number_reads_one_chunk_alone(toy_pipeline, chunks):
    reads = []

    def counted():
        for number, chunk in enumerate(chunks()):
            reads.append(number)
            yield chunk

    n_chunks = len(list(chunks()))
    pipeline = toy_pipeline().set_params(pad__max_length=5)
    fit_in_chunks(pipeline, counted, epochs=2, classes=["food", "sport", "weather"])
    assert len(reads) == n_chunks + 1 + 2 * n_chunks


def test_other_steps_that_have_nothing_to_learn_may_take_part(chunks, texts):
    pipeline = make_pipeline(HashingVectorizer(), SGDClassifier(loss="log_loss", random_state=0))
    assert fit_in_chunks(pipeline, chunks).predict(texts).shape == (len(texts),)


def test_a_step_fitted_before_may_be_frozen(chunks, texts):
    words = TfidfVectorizer().fit(texts[:10])
    before = dict(words.vocabulary_)
    pipeline = make_pipeline(FrozenEstimator(words), SGDClassifier(random_state=0))
    assert fit_in_chunks(pipeline, chunks).predict(texts).shape == (len(texts),)
    assert words.vocabulary_ == before


def test_a_frozen_classifier_raises(chunks, texts, labels):
    """The one inside went on learning."""
    words = HashingVectorizer()
    inside = SGDClassifier(random_state=0).fit(words.transform(texts), labels)
    with pytest.raises(TypeError, match="as the last step"):
        fit_in_chunks(make_pipeline(words, FrozenEstimator(inside)), chunks)


def test_steps_that_need_all_samples_raise(chunks):
    with pytest.raises(TypeError, match=r"step TfidfVectorizer\(\), which has no partial_fit"):
        fit_in_chunks(make_pipeline(TfidfVectorizer(), SGDClassifier()), chunks)
    with pytest.raises(TypeError, match=r"LogisticRegression\(\) as the last step"):
        fit_in_chunks(make_pipeline(HashingVectorizer(), LogisticRegression()), chunks)


def test_what_needs_all_samples_raises_before_a_chunk_is_read(toy_pipeline):
    def unread():
        raise AssertionError("read")

    with pytest.raises(ValueError, match="linear_ngrams=2"):
        fit_in_chunks(make_text_pipeline("lstm"), unread)
    with pytest.raises(ValueError, match="learning_rate_schedule='cosine'"):
        fit_in_chunks(toy_pipeline(learning_rate_schedule="cosine"), unread)
    with pytest.raises(ValueError, match="epochs == 0"):
        fit_in_chunks(toy_pipeline(), unread, epochs=0)


def test_a_generator_raises(toy_pipeline, chunks):
    with pytest.raises(TypeError, match="returns the chunks again"):
        fit_in_chunks(toy_pipeline(), chunks())
    with pytest.raises(TypeError, match="returns the chunks again"):
        fit_in_chunks(toy_pipeline(), 3)


def test_no_chunk_raises(toy_pipeline):
    for chunks in ([], [([], [])]):
        with pytest.raises(ValueError, match="Got no chunk with samples"):
            fit_in_chunks(toy_pipeline(), chunks)
    with pytest.raises(TypeError, match="chunks returned None"):
        fit_in_chunks(toy_pipeline(), lambda: None)


def test_chunks_without_samples_are_skipped(toy_pipeline, chunks, texts):
    pipeline = toy_pipeline(random_state=0)
    padded = [([], []), *chunks(), ([], [])]
    found, expected = (fit_in_chunks(pipeline, each, epochs=1) for each in (padded, chunks))
    assert np.array_equal(found.predict_proba(texts), expected.predict_proba(texts))


def test_the_result_can_be_pickled(toy_pipeline, chunks, texts):
    fitted = fit_in_chunks(toy_pipeline(), chunks, epochs=1)
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(texts), fitted.predict_proba(texts))


class CtrlC(keras.callbacks.Callback):
    """Press Ctrl-C in the second chunk."""

    n_begun = 0

    def on_epoch_begin(self, epoch, logs=None):
        CtrlC.n_begun += 1
        if CtrlC.n_begun == 2:
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_ends_training_and_what_was_learned_is_returned(
    toy_pipeline, chunks, texts, monkeypatch
):
    """It ended one chunk, and training went on with the next."""
    monkeypatch.setattr(CtrlC, "n_begun", 0)
    with pytest.warns(TrainingInterruptedWarning) as warned:
        fitted = fit_in_chunks(toy_pipeline(callbacks=[CtrlC()]), chunks, epochs=3)
    assert warned[-1].filename == __file__  # not a line of the package
    assert CtrlC.n_begun == 2
    assert fitted["classify"].n_iter_ == 1
    assert fitted.predict_proba(texts).shape == (len(texts), 3)


def interrupted(chunks, reading, place=0):
    """Return a function that presses Ctrl-C at a chunk of one reading, and the readings begun."""
    n_begun = itertools.count()

    def read():
        number = next(n_begun)
        for at, chunk in enumerate(chunks()):
            if (number, at) == (reading, place):
                signal.raise_signal(signal.SIGINT)
            yield chunk

    return read, n_begun


@pytest.fixture
def of_another_package():
    """A pipeline whose only reader of chunks is a classifier of scikit-learn's."""
    return make_pipeline(HashingVectorizer(), SGDClassifier(random_state=0))


def test_ctrl_c_while_a_chunk_is_read_keeps_what_was_learned(toy_pipeline, chunks, monkeypatch):
    """It lost the training of all chunks before."""
    n_chunks = len(list(chunks()))
    read, n_begun = interrupted(chunks, 4, place=1)  # labels, tokenizer, padder, first epoch
    with pytest.warns(TrainingInterruptedWarning, match=f"after {n_chunks + 1} chunks"):
        fitted = fit_in_chunks(toy_pipeline(), read, epochs=3)
    assert fitted["classify"].n_iter_ == n_chunks + 1
    assert next(n_begun) == 5


def test_ctrl_c_keeps_what_a_classifier_of_another_package_learned(
    of_another_package, chunks, texts, monkeypatch
):
    read, _ = interrupted(chunks, 2)  # labels, first epoch
    with pytest.warns(TrainingInterruptedWarning):
        fitted = fit_in_chunks(of_another_package, read, epochs=3)
    expected = fit_in_chunks(of_another_package, chunks, epochs=1)
    assert fitted.predict(texts).tolist() == expected.predict(texts).tolist()


@pytest.mark.parametrize("reading", [0, 1], ids=["labels", "first chunk"])
def test_ctrl_c_before_anything_is_learned_is_passed_on(
    reading, of_another_package, chunks, monkeypatch
):
    with pytest.raises(KeyboardInterrupt):
        fit_in_chunks(of_another_package, interrupted(chunks, reading)[0])


class Texts(list):
    """Texts that can be seen going."""


def test_one_chunk_is_held_at_a_time(toy_pipeline, texts, labels):
    """The first one of all stayed, and the one before."""
    most: list[int] = []
    watched: list = []

    class Chunks:
        def __iter__(self):
            return map(self.made, range(0, len(texts), N_ROWS))

        def made(self, start):
            chunk = Texts(texts[start : start + N_ROWS])
            watched.append(weakref.ref(chunk))
            most.append(sum(one() is not None for one in watched))
            return chunk, labels[start : start + N_ROWS]

    fit_in_chunks(toy_pipeline(), Chunks(), epochs=2)
    assert max(most) == 1


def test_what_is_no_tuple_of_two_raises(toy_pipeline, texts, labels):
    frame = pd.DataFrame({"text": texts, "label": labels})
    with pytest.raises(TypeError, match="chunk of type DataFrame; expected a tuple"):
        fit_in_chunks(toy_pipeline(), [frame])
    with pytest.raises(TypeError, match="type tuple of 3; expected a tuple of texts and labels"):
        fit_in_chunks(toy_pipeline(), [(texts, labels, labels)])
    with pytest.raises(ValueError, match="Got 10 texts and 9 labels in chunk 1"):
        fit_in_chunks(toy_pipeline(), [([], []), (texts[:10], labels[:9])])
    with pytest.raises(ValueError, match="Got 0 texts and 9 labels in chunk 0"):
        fit_in_chunks(toy_pipeline(), [([], labels[:9])])
    with pytest.raises(
        TypeError, match="Got list and NoneType in chunk 1; expected texts and labels"
    ):
        fit_in_chunks(toy_pipeline(), [([], []), (list(texts[:10]), None)])
    with pytest.raises(TypeError, match="chunk of type list"):
        fit_in_chunks(toy_pipeline(), [[("good film", "pos"), ("bad film", "neg")]])


def test_labels_that_are_missing_or_unlike_the_others_raise(toy_pipeline, texts, labels):
    whole, gone = (texts[:10], labels[:10]), labels[10:20].astype(object)
    gone[3] = np.nan
    with pytest.raises(ValueError, match=r"labels of chunk 1 contains NaN: row 3"):
        fit_in_chunks(toy_pipeline(), [whole, (texts[10:20], gone)])
    with pytest.raises(ValueError, match=r"labels of chunk 2 contains NaN: row 3"):
        fit_in_chunks(toy_pipeline(), [whole, ([], []), (texts[10:20], gone)])
    with pytest.raises(ValueError, match="text as labels in some chunks and numbers in others"):
        fit_in_chunks(toy_pipeline(), [whole, (texts[10:20], [0, 1] * 5)])


@pytest.mark.parametrize(
    ("classes", "labels"), [([0, 1], [0, 2] * 5), (range(2, 22), ["10", "11"] * 5)]
)
def test_labels_that_are_not_among_the_classes_raise_before_the_classifier_learns(
    toy_pipeline, texts, monkeypatch, classes, labels
):
    """They were found in training, after all chunks before, and were called those of y."""
    monkeypatch.setattr(toy_pipeline()["classify"].__class__, "partial_fit", None)
    chunks = [(texts[:10], list(classes[:2]) * 5), (texts[10:20], labels)]
    with pytest.raises(ValueError, match="chunk 1 holds labels that are not in classes"):
        fit_in_chunks(toy_pipeline(), chunks, classes=classes)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (np.array([0, 1], dtype=object), "got classes of numbers with dtype object"),
        (["a", "b", None], "Input classes contains NaN: row 2 holds None"),
        (["a", 1], "Got classes of mixed types"),
    ],
)
def test_odd_classes_raise_by_name(toy_pipeline, texts, classes, message):
    """Classes of objects contradicted themselves: [0, 1] were not among [0, 1]."""
    with pytest.raises(ValueError, match=message):
        fit_in_chunks(toy_pipeline(), [(texts[:4], [0, 1, 0, 1])], classes=classes)


def test_parameters_that_contradict_one_another_raise_before_a_chunk_is_read(toy_pipeline):
    pipeline = toy_pipeline(mixup=0.2, r_drop=1.0, dropout=0.2)
    with pytest.raises(ValueError, match="expected at most one above 0"):
        fit_in_chunks(pipeline, lambda: pytest.fail("a chunk was read"))


def test_one_class_in_all_chunks_raises_before_a_step_learns(toy_pipeline, texts):
    n_readings = itertools.count()

    def chunks():
        next(n_readings)
        yield texts[:10], [7] * 10

    with pytest.raises(ValueError, match="Got one class only in all chunks: 7"):
        fit_in_chunks(toy_pipeline(), chunks)
    assert next(n_readings) == 1


def test_the_first_chunk_may_hold_no_known_word(toy_pipeline, chunks, texts):
    """The same chunk was fine in any other place."""
    empty = [""] * 3, ["food", "sport", "weather"]
    fitted = fit_in_chunks(toy_pipeline(), [empty, *chunks()], epochs=1)
    assert fitted.predict(texts[:3]).shape == (3,)


def test_labels_are_checked_in_the_first_reading_alone(toy_pipeline, chunks, monkeypatch):
    """Each reading for a step, and each epoch, checked them once more."""
    checked = []
    check = _fit_in_chunks._check_labels
    monkeypatch.setattr(
        _fit_in_chunks, "_check_labels", lambda *given: (checked.append(given[-1]), check(*given))
    )
    fit_in_chunks(toy_pipeline(), chunks, epochs=2)
    assert checked == [f"chunk {number}" for number in range(5)]


def test_numbers_as_objects_raise_as_such(toy_pipeline, texts):
    """They were called text."""
    mixed = [(texts[:10], np.array([0, 1] * 5)), (texts[10:20], np.array([0, 1] * 5, dtype=object))]
    with pytest.raises(ValueError, match="labels of chunk 1 of numbers with dtype object"):
        fit_in_chunks(toy_pipeline(), mixed, epochs=1)


def test_slips_are_found_before_a_chunk_is_read(toy_pipeline):
    def unread():
        raise AssertionError("read")

    for classes in ({"a", "b"}, ["a"], [["a", "b"]]):
        with pytest.raises(ValueError, match="expected a list or array of all labels"):
            fit_in_chunks(toy_pipeline(), unread, classes=classes)
    with pytest.raises(ValueError, match="'units' parameter"):
        fit_in_chunks(toy_pipeline(units=0), unread)
    with pytest.raises(TypeError, match="expected a Pipeline"):
        fit_in_chunks(toy_pipeline()["classify"], unread)
    with pytest.raises(TypeError, match="Got 'passthrough' as the last step"):
        fit_in_chunks(Pipeline([("first", toy_pipeline()[0]), ("last", "passthrough")]), unread)
    with pytest.raises(TypeError, match="Got None as the last step"):
        fit_in_chunks(Pipeline([]), unread)
    with pytest.raises(TypeError, match=r"Got SGDRegressor\(\) as the last step"):
        fit_in_chunks(make_pipeline(HashingVectorizer(), SGDRegressor()), unread)


def test_nested_pipelines_have_no_partial_fit(toy_pipeline, chunks):
    with pytest.raises(TypeError, match="as the last step"):
        fit_in_chunks(Pipeline([("all", toy_pipeline())]), chunks)
