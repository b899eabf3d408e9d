"""Estimators over token ids, trained by Keras: a classifier and a regressor of each family."""

from skdeepnlp._backend import import_scikeras, let_worker_grow, limit_threads_of_worker

limit_threads_of_worker()
let_worker_grow()
import_scikeras()
