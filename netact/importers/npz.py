"""Matrices and arrays saved by SciPy and NumPy.

How it is obtained: ``scipy.sparse.save_npz``, ``numpy.savez``, ``numpy.save``.

Read: a sparse or square matrix from row to column, numbered from 0; or arrays of equal length, such as ``source`` and ``target``,
and one of weights. A symmetric matrix has no direction. Arrays of Python objects are not opened.

Lost: names, unless an array holds them.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from math import prod
from tokenize import TokenError
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

import numpy as np
import polars as pl

from netact.errors import ImportFileError
from netact.importers.graph_file import MOST_UNMENTIONED, NO_NODE_NUMBER
from netact.importers.importer import Begins, Importer
from netact.importers.mapping import Loaded, RawTable, fold, header_ends, words
from netact.importers.parquet import table_from_numbers
from netact.importers.sheet import table_from_frame
from netact.importers.source_file import Unpacking
from netact.language import Message
from netact.receipt import Dropped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

    Arrays = dict[str, NDArray[Any]]

NPY = b"\x93NUMPY"
_EDGES = words("edges edge edge_index edge_list edgelist links ties")
_MATRIX = words("adjacency adj adjacency_matrix matrix a w weights m")
_NAMES = words("names labels nodes ids node_names node_ids node_labels accounts users index")
_AGAIN = "save it with scipy.sparse.save_npz, or as an array 'edges' of two columns"


def read_npz(source: SourceFile, options: SourceOptions) -> RawTable:  # noqa: ARG001 - says everything itself
    """NumPy arrays (``.npz``, ``.npy``): ``scipy.sparse.save_npz``, or ``numpy.savez`` of edges or of a matrix.

    Mapped: an entry of a matrix is a tie from its row to its column with the value as weight; a symmetric matrix is a
    network without direction. An array ``edges`` has two columns (or two rows, as ``edge_index``) of sources and
    targets and perhaps a third with weights; arrays of one dimension and equal length, such as ``source`` and
    ``target``, are the columns of a table. Accounts are numbers, counted from 0, or called by an array ``names`` of
    texts. Lost: everything pickled, which is never opened since it may run any program.
    The row of a tie is its number among the entries.

    Raises
    ------
    ImportFileError
        If an array is broken, pickled or larger than it can be, or nothing in the file can be read as ties.
    """
    arrays = _arrays(source)
    if "format" in arrays:
        return _sparse(arrays, source)
    names = _names(arrays)
    flat = {name: array for name, array in arrays.items() if array.ndim == 1 and array.size}
    if header_ends(list(flat)):
        return _columns(flat)
    squares = [(name, array) for name, array in arrays.items() if array.ndim == 2 and array.size]
    if len(squares) == 1:
        name, array = squares[0]
        height, width = array.shape
        if fold(name) not in _MATRIX and (fold(name) in _EDGES or width in (2, 3) or height == 2):
            # What PyTorch Geometric calls edge_index has two rows.
            lies = fold(name) == "edgeindex" and height == 2
            return _edges(array.T if lies else array, names, file=source.name)
        if array.dtype.kind in "biuf":
            row, column = np.nonzero(array)
            return _ties(row, column, array[row, column], (height, width), names, file=source.name)
    found = ", ".join(f"{name} {array.dtype} {array.shape}" for name, array in list(arrays.items())[:8])
    raise ImportFileError(source.name, "no array in it can be read as ties", found=found or "nothing", remedy=_AGAIN)


# ---------------------------------------------------------------- the file


def _arrays(source: SourceFile) -> Arrays:
    if source.head.startswith(NPY):
        with source.plain.open("rb") as stream:
            return {"array": _array(stream, source.plain.stat().st_size, "array", file=source.name)}
    unpacking = Unpacking(source.path.name, source.path.stat().st_size)
    arrays: Arrays = {}
    try:
        with zipfile.ZipFile(source.plain) as archive:
            for info in archive.infolist()[:100]:
                if info.filename.endswith(".npy"):
                    unpacking.expect(info.file_size)
                    unpacking.unpacked += info.file_size
                    name = info.filename.removesuffix(".npy")
                    with archive.open(info) as member:
                        arrays[name] = _array(cast("BinaryIO", member), info.file_size, name, file=source.name)
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError, UnicodeDecodeError,
    ) as error:  # fmt: skip
        raise ImportFileError(source.name, "the npz file is broken", remedy="copy it again or save it again") from error
    return arrays


def _array(stream: BinaryIO, size: int, name: str, *, file: str) -> NDArray[Any]:
    """Read one array after looking whether its header claims more than the file holds."""
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
        if dtype.hasobject:
            raise ImportFileError(
                file, f"array {name!r} is pickled, which netact never opens, as it may run any program", remedy=_AGAIN
            )
        count = prod(shape)
        if any(length < 0 for length in shape) or count * dtype.itemsize > size:
            raise ImportFileError(
                file, f"array {name!r} claims to be larger than it is", found=str(shape)[:60], remedy="save it again"
            )
        raw = stream.read(count * dtype.itemsize)
        array = np.frombuffer(raw, dtype=dtype, count=count)
        return array.reshape(shape, order="F" if fortran else "C")
    except (ValueError, TypeError, SyntaxError, TokenError, OverflowError, RecursionError, MemoryError) as error:
        if isinstance(error, ImportFileError):
            raise
        raise ImportFileError(file, f"array {name!r} is broken", remedy="copy it again or save it again") from error


def _texts(array: NDArray[Any]) -> list[str]:
    """Return an array of one dimension as texts."""
    if array.dtype.kind == "S":
        return [item.decode("utf-8", errors="replace") for item in array.tolist()]
    return [str(item).encode(errors="replace").decode() for item in array.tolist()]


def _names(arrays: Arrays) -> list[str] | None:
    for name, array in arrays.items():
        if fold(name) in _NAMES and array.ndim == 1 and array.dtype.kind in "USiu" and array.size:
            return _texts(array)
    return None


# ---------------------------------------------------------------- arrays to ties


def _series(name: str, array: NDArray[Any]) -> pl.Series:
    if array.dtype.kind in "iuf":
        return pl.Series(name, np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="))))
    if array.dtype.kind == "M":
        return pl.Series(name, array.astype("datetime64[us]").astype(np.int64)).cast(pl.Datetime("us"))
    return pl.Series(name, _texts(array), dtype=pl.String)


def _columns(flat: Arrays) -> RawTable:
    lengths = [len(array) for name, array in flat.items() if header_ends([name, "source", "target"])]
    most = max(set(lengths), key=lengths.count)
    kept = {name: array for name, array in flat.items() if len(array) == most and array.dtype.kind in "biufUSM"}
    frame = pl.DataFrame([_series(f"{name} (in the file)" if name == "row" else name, a) for name, a in kept.items()])
    return table_from_numbers(frame)


def _edges(array: NDArray[Any], names: list[str] | None, *, file: str) -> RawTable:
    if array.shape[1] not in (2, 3) and array.shape[0] in (2, 3):
        array = array.T
    if array.shape[1] not in (2, 3):
        raise ImportFileError(
            file, "an array of edges has two or three columns", found=str(array.shape), remedy="save it as two columns"
        )
    if names is not None and array.dtype.kind in "iu":
        weights = array[:, 2] if array.shape[1] == 3 else np.ones(len(array))
        return _ties(array[:, 0], array[:, 1], weights, (len(names), len(names)), names, file=file, matrix=False)
    columns = [
        _series(name, array[:, place]) for place, name in enumerate(("source", "target", "weight")[: array.shape[1]])
    ]
    return table_from_numbers(pl.DataFrame(columns))


def _ties(
    row: NDArray[Any],
    column: NDArray[Any],
    value: NDArray[Any],
    shape: tuple[int, int],
    names: list[str] | None,
    *,
    file: str,
    matrix: bool = True,
) -> RawTable:
    """Make the table of entries at rows and columns counted from 0.

    The rows and columns of a matrix that is not square are different accounts.
    """
    height, width = shape
    if value.dtype.kind not in "biuf":
        raise ImportFileError(
            file, "the matrix holds no real numbers", found=str(value.dtype), remedy="save a matrix of real numbers"
        )
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    lost = np.flatnonzero(~inside) + 1
    numbers = np.arange(1, len(row) + 1, dtype=np.uint32)[inside]
    row, column = row[inside].astype(np.int64), column[inside].astype(np.int64)
    value = value[inside].astype(np.float64)
    assumptions: list[str] = []
    undirected = matrix and height == width and _symmetric(row, column, value)
    if undirected:
        # Both halves say the same.
        half = row <= column
        row, column, value, numbers = row[half], column[half], value[half], numbers[half]
        assumptions.append(Message("the matrix is symmetric: read as undirected"))
        assumptions.append(Message("the graph is undirected: every tie is held both ways"))
    if not len(row):
        raise ImportFileError(
            file, "the matrix holds no ties", found=str(shape), remedy="save it again with its values"
        )
    source, target, keys = _called(row, column, shape, names, assumptions)
    frame = pl.DataFrame({"source": source, "target": target, "weight": value, "row": numbers})
    dropped = (Dropped(NO_NODE_NUMBER, len(lost), tuple(lost[:5].tolist())),) if len(lost) else ()
    table = table_from_frame(
        frame,
        evidence=(Message("nodes: {nodes:count}, edges: {edges:count}", nodes=len(keys), edges=len(row)),),
        dialect={"direction": "undirected" if undirected else "directed", "matrix": f"{height} x {width}"},
    )
    return replace(
        table,
        load=lambda wanted: Loaded(frame.select(*wanted, "row"), frame.height + len(lost), dropped),
        nodes=pl.DataFrame({"key": keys}),
        undirected=undirected,
        assumptions=tuple(assumptions),
    )


def _symmetric(row: NDArray[Any], column: NDArray[Any], value: NDArray[Any]) -> bool:
    one, other = np.lexsort((value, column, row)), np.lexsort((value, row, column))
    return (
        np.array_equal(row[one], column[other])
        and np.array_equal(column[one], row[other])
        and np.array_equal(value[one], value[other])
    )


def _called(
    row: NDArray[Any],
    column: NDArray[Any],
    shape: tuple[int, int],
    names: list[str] | None,
    assumptions: list[str],
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return sources, targets and all accounts by name."""
    height, width = shape
    if height != width:
        assumptions.append(
            Message("the matrix is not square: its rows and columns are different accounts, called r1 and c1")
        )
        source, target = (
            pl.Series(values + 1).cast(pl.String).str.replace("^", letter)
            for values, letter in ((row, "r"), (column, "c"))
        )
        return source, target, pl.concat([source, target]).unique().sort()
    if names is not None and len(names) == height and len(set(names)) == height:
        called = pl.Series(names, dtype=pl.String)
        return called.gather(pl.Series(row)), called.gather(pl.Series(column)), called
    if height <= MOST_UNMENTIONED:
        keys = pl.Series(np.arange(height)).cast(pl.String)
    else:
        assumptions.append(
            Message("the file announces {n:count} nodes: only those that it mentions again are listed", n=height)
        )
        keys = pl.Series(np.unique(np.concatenate([row, column]))).cast(pl.String)
    return pl.Series(row).cast(pl.String), pl.Series(column).cast(pl.String), keys


def _sparse(arrays: Arrays, source: SourceFile) -> RawTable:
    """Read what ``scipy.sparse.save_npz`` wrote; SciPy itself trusts the numbers in the file."""
    file = source.name

    def broken() -> NoReturn:
        raise ImportFileError(file, "the sparse matrix is broken", remedy="save it again with scipy.sparse.save_npz")

    form = (_texts(arrays["format"].reshape(-1)) or [""])[0]
    sizes = arrays.get("shape", np.empty(0)).reshape(-1)
    data = arrays.get("data", np.empty(0)).reshape(-1)
    if sizes.dtype.kind not in "iu" or len(sizes) != 2 or (sizes < 0).any():
        broken()
    height, width = int(sizes[0]), int(sizes[1])
    if form == "coo":
        row, column = arrays.get("row"), arrays.get("col")
        if (ends := arrays.get("coords")) is not None and len(ends) == 2:
            row, column = ends[0], ends[1]
    elif form in ("csr", "csc"):
        pointer, inner = arrays.get("indptr"), arrays.get("indices")
        outer = height if form == "csr" else width
        if pointer is None or inner is None or pointer.dtype.kind not in "iu" or pointer.shape != (outer + 1,):
            broken()
        pointer = pointer.astype(np.int64)
        steps = pointer[1:] - pointer[:-1]
        if (steps < 0).any() or int(pointer[0]) != 0 or int(pointer[-1]) != len(data):
            broken()
        numbers = np.repeat(np.arange(outer), steps)
        row, column = (numbers, inner) if form == "csr" else (inner, numbers)
    else:
        raise ImportFileError(
            file, f"a sparse matrix of format {form[:20]!r} is not read", remedy="save it as .tocsr() with save_npz"
        )
    if row is None or column is None or not row.shape == column.shape == data.shape:
        broken()
    if row.dtype.kind not in "iu" or column.dtype.kind not in "iu":
        broken()
    return _ties(row, column, data, (height, width), _names(arrays), file=file)


NPZ = Importer("npz", "matrix or edges in NumPy and SciPy files (.npz, .npy)", (Begins(NPY),), read=read_npz)
