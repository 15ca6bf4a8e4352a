"""How the functions of the kernels are compiled: within those that call them, apart from them, or out of their way.

Numba compiles a function anew for each kind of whole number it is called with, and hands the wish to be inlined on to
all that is called; both is undone here. What happens seldom is kept away from what happens at every event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba.core import types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.lowering import Lower
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import BaseNativeLowering, NativeLowering

from bridgehead.engines.simulation import layout

_Function = TypeVar("_Function", bound=Callable[..., Any])
_INNER: dict[str, Any] = {
    "nopython": True,
    "error_model": "numpy",
    "nogil": True,
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


class _Widening(CPUDispatcher):
    """A compiled function that takes all whole numbers as 64 bits, so that it is compiled once."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Return how the function is called with arguments of these types."""
        return super().get_call_template(tuple(_widened(one) for one in args), kws)


def _widened(given: Any) -> Any:
    plain = given.literal_type if isinstance(given, types.Literal) else given
    return types.int64 if plain == types.int32 else plain


class _LowerRare(Lower):
    """Turns a function into code the optimiser takes to be called seldom."""

    def setup_function(self, fndesc: Any) -> None:
        """Begin the function."""
        super().setup_function(fndesc)  # type: ignore[no-untyped-call]
        self.function.attributes.add("noinline")
        self.function.attributes.add("cold")


@register_pass(mutates_CFG=True, analysis_only=False)
class _RareLowering(BaseNativeLowering):
    _name = "rare_lowering"  # type: ignore[assignment]

    @property
    def lowering_class(self) -> type[Lower]:
        """The class that does it."""
        return _LowerRare


class _RareCompiler(CompilerBase):
    """The compiler of numba but for one of its passes."""

    def define_pipelines(self) -> list[Any]:
        """Return the one series of passes."""
        passes = PassManager("rare")
        for one, words in DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
            passes.add_pass(_RareLowering if one is NativeLowering else one, words)
        passes.finalize()
        return [passes]


def inlined(function: _Function) -> _Function:
    """Compile a function as part of those that call it."""
    return cast("_Function", _Widening(function, targetoptions={**_INNER, "forceinline": True}))


def apart(function: _Function) -> _Function:
    """Compile a function by itself, to be called by others of the kernel only.

    It has to be said that it is not inlined: numba hands that wish on from a function to those it calls.
    """
    return cast("_Function", _Widening(function, targetoptions={**_INNER, "forceinline": False}))


def rare(function: _Function) -> _Function:
    """Compile a function by itself and keep it, and the ways to it, out of the code that runs most."""
    options = {**_INNER, "forceinline": False}
    return cast("_Function", _Widening(function, targetoptions=options, pipeline_class=_RareCompiler))


def sources_stamp() -> str:
    """Return a hash of the sources of the kernels of this package.

    What numba keeps on disk it takes up again as long as the file of the outermost function is the same; functions of
    other files are part of the kernel too.
    """
    found = hashlib.blake2b(digest_size=16)
    for file in [*sorted(Path(__file__).parent.glob("*_kernels.py")), Path(layout.__file__)]:
        found.update(file.read_bytes())
    return found.hexdigest()
