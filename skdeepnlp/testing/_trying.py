"""Try contracts one after the other and say at the end which of them are broken."""

from collections.abc import Callable, Mapping
from typing import Any

from skdeepnlp.testing._shared_words import with_shared_words

__all__ = ["try_contracts"]


@with_shared_words
def try_contracts(
    contracts: Mapping[str, Callable[[Any], None]],
    case: Any,
    *,
    subject: Any,
    expected_failures: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Try each contract on a case.

    Parameters
    ----------
    contracts : mapping of str to callable
        Functions that raise where a contract is broken, by name.
    case : object
        What they are tried on.
    subject : estimator
        Whose contracts they are, for the message.
    {expected failures}

    Returns
    -------
    {outcomes}

    Raises
    ------
    {broken}
    ValueError
        If `expected_failures` names no contract.
    """
    reasons = dict(expected_failures or {})
    _check_names(reasons, contracts)
    errors = {name: _broken(contract, case) for name, contract in contracts.items()}
    _raise_unexpected(subject, {name: e for name, e in errors.items() if name not in reasons})
    return {
        name: "passed" if error is None else f"expected failure: {reasons[name]}"
        for name, error in errors.items()
    }


def _check_names(reasons: Mapping[str, str], contracts: Mapping[str, Any]) -> None:
    unknown = sorted(set(reasons) - set(contracts))
    if unknown:
        raise ValueError(
            f"Got expected_failures for {unknown}; expected names of contracts. Choose from "
            f"{sorted(contracts)}."
        )


def _broken(contract: Callable[[Any], None], case: Any) -> Exception | None:
    """Return what a contract raised, None where it is kept."""
    try:
        contract(case)
    except Exception as error:  # whatever a foreign estimator raises, the contract is broken
        return error
    return None


def _raise_unexpected(subject: Any, errors: Mapping[str, Exception | None]) -> None:
    broken = {name: error for name, error in errors.items() if error is not None}
    if broken:
        lines = [f"  {name}: {_told(error)}" for name, error in broken.items()]
        title = f"{type(subject).__name__} breaks {len(broken)} of {len(errors)} contracts:"
        raise AssertionError("\n".join([title, *lines])) from next(iter(broken.values()))


def _told(error: Exception) -> str:
    """Return what to say of an error; the kind matters only where it is no failed check."""
    if isinstance(error, AssertionError):
        return str(error) or "the check failed"
    return f"raised {error!r}"
