"""The front door: from raw text to a tunable estimator, and training from chunks of text."""

from skdeepnlp.pipelines._fit_in_chunks import fit_in_chunks
from skdeepnlp.pipelines._make_text_pipeline import make_text_pipeline

__all__ = ["fit_in_chunks", "make_text_pipeline"]
