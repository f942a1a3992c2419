"""Ask for memory before it is needed, in compiled kernels that visit accounts in random order.

Such kernels spend most of their time waiting for memory, one place after the other. Asked for some steps ahead, many places
are on their way at once. Nothing is changed by it, and an answer never depends on it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _fetch(_typing: Any, array: Any, _index: Any) -> Any:
    """``fetch(array, index)`` asks for the memory of ``array[index]``; for kernels only.

    The array has no gaps; the index counts all its numbers, rows after rows. One out of range does no harm: nothing is read.
    """

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        place = builder.bitcast(builder.gep(data, [given[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        builder.call(ask, [place, number(0), number(3), number(1)])  # to read, to be kept, data
        return context.get_dummy_value()

    return types.void(array, types.intp), code


fetch: Any = intrinsic(_fetch)
