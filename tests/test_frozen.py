"""Quickly made frozen values behave as ``dataclass`` makes them."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, replace

import pytest

from watcher.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """Made quickly."""

    name: str
    size: int = 3
    rest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Usual:
    """Made as usual."""

    name: str
    size: int = 3
    rest: tuple[int, ...] = ()


def test_a_quick_value_is_frozen_compared_hashed_copied_and_printed_as_a_usual_one() -> None:
    one = Quick("a", rest=(1,))
    with pytest.raises(FrozenInstanceError):
        one.size = 4  # type: ignore[misc]
    assert one == Quick("a", 3, (1,)) != Quick("b", 3, (1,))
    assert hash(one) == hash(Usual("a", 3, (1,)))
    assert repr(one) == repr(Usual("a", 3, (1,))).replace("Usual", "Quick")
    assert replace(one, size=5) == Quick("a", 5, (1,))
    assert asdict(one) == asdict(Usual("a", 3, (1,)))
    assert pickle.loads(pickle.dumps(one)) == one
    assert type(one) is Quick


def test_it_takes_the_same_arguments() -> None:
    assert str(inspect.signature(Quick)) == str(inspect.signature(Usual))
    with pytest.raises(TypeError, match="name"):
        Quick()  # type: ignore[call-arg]
