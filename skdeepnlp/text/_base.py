"""What the steps over texts have in common."""

from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

from skdeepnlp._progress import CallbackSupportMixin


class TextStep(  # type: ignore[call-arg]
    CallbackSupportMixin, TransformerMixin, BaseEstimator, auto_wrap_output_keys=None
):
    """Base of the steps over texts: their output is no table, whatever that of other steps."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**{"auto_wrap_output_keys": None, **kwargs})

    def set_output(self, *, transform=None):
        """Do nothing: texts, token sequences and padded ids are no tables.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"} or None, default=None
            Not used; here so that a Pipeline around this step can be configured.

        Returns
        -------
        self : estimator
            The step.
        """
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        return tags
