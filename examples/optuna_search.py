"""How many epochs does a search save that gives hopeless candidates up early?

Optuna proposes the next candidate from what it has seen. Each one trains epoch by epoch in every
fold, and reports the mean accuracy on the rows left out; one that does worse than the median of
those before it is pruned.

    python examples/optuna_search.py    (needs the extra "search")
"""

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from skdeepnlp import LSTMClassifier, SequencePadder, TextTokenizer
from skdeepnlp.datasets import make_text_classification


def main(n_samples: int = 400, n_trials: int = 12, epochs: int = 8) -> None:
    """Search and print the epochs trained and the best candidate."""
    import optuna

    texts, labels = make_text_classification(
        n_samples, n_classes=4, vocabulary_size=240, length=(6, 20), noise=0.1, random_state=0
    )
    folds = prepared_folds(texts, labels)

    def objective(trial):
        classifiers = [classifier_of(trial) for _ in folds]
        for epoch in range(epochs):
            accuracy = np.mean(
                [epoch_score(*pair) for pair in zip(classifiers, folds, strict=True)]
            )
            trial.report(accuracy, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        return accuracy

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=1),
    )
    study.optimize(objective, n_trials=n_trials)
    trained = sum(len(trial.intermediate_values) for trial in study.trials)
    pruned = len(study.get_trials(states=[optuna.trial.TrialState.PRUNED]))
    print(f"{pruned} of {n_trials} candidates pruned; {trained} of {n_trials * epochs} epochs")
    print(f"Best: accuracy {study.best_value:.3f} with {study.best_params}")


def prepared_folds(texts, labels):
    """Tokenize each fold once; its vocabulary comes from its own training rows."""
    splitter = StratifiedKFold(3, shuffle=True, random_state=0)
    folds = []
    for train, test in splitter.split(texts, labels):
        steps = make_pipeline(TextTokenizer(max_tokens=150), SequencePadder())
        ids = steps.fit_transform(np.take(texts, train))
        folds.append((ids, labels[train], steps.transform(np.take(texts, test)), labels[test]))
    return folds


def classifier_of(trial):
    """Draw a classifier; none of these settings makes its network be compiled again."""
    return LSTMClassifier(
        units=16,
        dropout=trial.suggest_float("dropout", 0.1, 0.7),
        embedding_dropout=trial.suggest_float("embedding_dropout", 0.1, 0.7),
        learning_rate=trial.suggest_float("learning_rate", 1e-3, 3e-2, log=True),
        random_state=0,
    )


def epoch_score(classifier, fold):
    """Train one epoch more on a fold and return the accuracy on the rows left out."""
    ids, labels, left_out_ids, left_out_labels = fold
    return classifier.partial_fit(ids, labels).score(left_out_ids, left_out_labels)


if __name__ == "__main__":
    main()
