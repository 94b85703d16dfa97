"""Features and models as bytes, for a cache to keep: NumPy's own format, never pickle."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .model import Calibration, Model
from .pool import COLUMNS, Ids

_BLOCK = 2**16
_BLOCKS = COLUMNS // _BLOCK


def pack_ids(ids: Sequence[int]) -> bytes:
    return np.array(ids, np.int64).tobytes()


def pack_features(features: csr_matrix) -> bytes:
    """The columns of the features of some papers; all are 1.

    In two bytes each: `low` is a column within its block of 65,536, and `counts` says how many of
    each block a paper has, which the columns of `features`, in their order, go through one by one.
    """
    row = np.repeat(np.arange(features.shape[0]), np.diff(features.indptr))
    counts = np.zeros((features.shape[0], _BLOCKS), np.uint16)
    np.add.at(counts, (row, features.indices // _BLOCK), 1)
    return _pack({"low": (features.indices % _BLOCK).astype(np.uint16), "counts": counts})


def _unpack_features(packed: bytes) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The columns of each paper, one paper after the other, and how many each has."""
    arrays = _unpack(packed)
    counts = arrays["counts"]
    first = np.tile(np.arange(_BLOCKS, dtype=np.int32) * _BLOCK, len(counts))
    return np.repeat(first, counts.ravel()) + arrays["low"], counts.sum(axis=1, dtype=np.int64)


def unpack_features(
    blocks: Iterable[tuple[bytes, bytes]], alive: Sequence[int]
) -> tuple[Ids, csr_matrix]:
    """Ids and features of the papers that are alive, by id, from blocks of (ids, features).

    Of a paper in several blocks the last one holds.
    """
    ids, columns, sizes = [np.empty(0, np.int64)], [np.empty(0, np.int32)], [np.zeros(1, np.int64)]
    for packed_ids, packed in blocks:
        ids.append(np.frombuffer(packed_ids, np.int64))
        known = _unpack_features(packed)
        columns.append(known[0])
        sizes.append(known[1])
    paper_ids, indices = np.concatenate(ids), np.concatenate(columns)
    indptr = np.cumsum(np.concatenate(sizes))
    present = np.ones(len(indices), np.uint8)
    features = csr_matrix((present, indices, indptr), shape=(len(paper_ids), COLUMNS))
    rows = _last_rows(paper_ids, np.asarray(alive, np.int64))
    if len(rows) == len(paper_ids) and bool(np.all(np.diff(rows) > 0)):
        return paper_ids, features  # as nearly always: spare the copy
    return paper_ids[rows], features[rows]


def pack_model(model: Model, calibration: Calibration | None) -> bytes:
    """A model with its calibration; of a small pool most of its numbers are 0 and not kept."""
    arrays = {"calibration": np.array(calibration or ())}
    for name, array in model.to_arrays().items():
        places = np.flatnonzero(array)
        if len(places) < len(array) // 2:
            arrays[f"{name} length"] = np.array(len(array))
            arrays[f"{name} places"], arrays[f"{name} values"] = places, array[places]
        else:
            arrays[name] = array
    return _pack(arrays)


def unpack_model(packed: bytes) -> tuple[Model, Calibration | None]:
    arrays = dict(_unpack(packed))
    calibration = arrays.pop("calibration").tolist()
    for name in [name.removesuffix(" length") for name in arrays if name.endswith(" length")]:
        values = arrays.pop(f"{name} values")
        arrays[name] = np.zeros(int(arrays.pop(f"{name} length")), values.dtype)
        arrays[name][arrays.pop(f"{name} places")] = values
    return Model.from_arrays(arrays), Calibration(*calibration) if calibration else None


def _last_rows(ids: Ids, alive: Ids) -> NDArray[np.intp]:
    """The last row of each id that is alive, by id."""
    known, backwards = np.unique(ids[::-1], return_index=True)
    return (len(ids) - 1 - backwards)[np.isin(known, alive)]


def _pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _unpack(packed: bytes) -> Mapping[str, NDArray[Any]]:
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
