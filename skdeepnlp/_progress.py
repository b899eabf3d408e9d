"""scikit-learn's own callbacks (progress bars, monitors), where the installed version has them."""

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # scikit-learn < 1.9 has no callbacks: nothing to support

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in for scikit-learn's mixin and adds nothing."""


__all__ = ["CallbackSupportMixin"]
