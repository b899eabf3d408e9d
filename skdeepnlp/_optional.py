"""Import packages that only some users need, with an error that says how to get them."""

import importlib
from types import ModuleType

__all__ = ["require"]


def require(name: str, *, needed_by: str, extra: str) -> ModuleType:
    """Import the optional package `name`, or say how to install it.

    Parameters
    ----------
    name : str
        Name of the module to import, such as ``"matplotlib.pyplot"``.
    needed_by : str
        The public name that needs it, for the message.
    extra : str
        The extra of this project that installs it.

    Returns
    -------
    module : module
        The imported module.

    Raises
    ------
    ImportError
        If the module is not installed.

    Examples
    --------
    >>> from skdeepnlp._optional import require
    >>> require("json", needed_by="this example", extra="dev").dumps([1])
    '[1]'
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ImportError(
            f'{needed_by} needs {package}. Install it with: pip install "skdeepnlp[{extra}]"'
        ) from error
