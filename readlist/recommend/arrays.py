"""Counts and models as bytes, for a cache to keep: NumPy's own format, never pickle."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .model import Calibration, Model
from .pool import COLUMNS, Ids


def pack_ids(ids: Sequence[int]) -> bytes:
    return np.array(ids, np.int64).tobytes()


def pack_counts(counts: csr_matrix) -> bytes:
    """The counts of some papers, one byte each, with their columns."""
    return _pack({"data": counts.data, "indices": counts.indices, "indptr": counts.indptr})


def unpack_counts(
    blocks: Iterable[tuple[bytes, bytes]], alive: Sequence[int]
) -> tuple[Ids, csr_matrix]:
    """Ids and counts of the papers that are alive, by id, from blocks of (ids, counts).

    Of a paper in several blocks the last one holds.
    """
    ids, parts = [np.empty(0, np.int64)], []
    for packed_ids, packed in blocks:
        ids.append(np.frombuffer(packed_ids, np.int64))
        parts.append(_unpack(packed))
    paper_ids = np.concatenate(ids)
    starts = np.cumsum([0, *(len(part["data"]) for part in parts)])
    indptr = np.concatenate(
        [[0], *(part["indptr"][1:] + start for part, start in zip(parts, starts, strict=False))]
    )
    counts = csr_matrix(
        (_joined(parts, "data", np.uint8), _joined(parts, "indices", np.int32), indptr),
        shape=(len(paper_ids), COLUMNS),
    )
    rows = _last_rows(paper_ids, np.asarray(alive, np.int64))
    if len(rows) == len(paper_ids) and bool(np.all(np.diff(rows) > 0)):
        return paper_ids, counts  # as nearly always: spare the copy
    return paper_ids[rows], counts[rows]


def pack_model(model: Model, calibration: Calibration | None) -> bytes:
    """A model with its calibration; of a small pool most of its numbers are 0 and not kept."""
    arrays = {"calibration": np.array(calibration or ())}
    for name, array in model.to_arrays().items():
        columns = np.flatnonzero(array)
        if len(array) == COLUMNS and len(columns) < COLUMNS // 2:
            arrays[f"{name} columns"], arrays[f"{name} values"] = columns, array[columns]
        else:
            arrays[name] = array
    return _pack(arrays)


def unpack_model(packed: bytes) -> tuple[Model, Calibration | None]:
    arrays = dict(_unpack(packed))
    calibration = arrays.pop("calibration").tolist()
    for name in [name.removesuffix(" columns") for name in arrays if name.endswith(" columns")]:
        arrays[name] = np.zeros(COLUMNS, arrays[f"{name} values"].dtype)
        arrays[name][arrays.pop(f"{name} columns")] = arrays.pop(f"{name} values")
    return Model.from_arrays(arrays), Calibration(*calibration) if calibration else None


def _last_rows(ids: Ids, alive: Ids) -> NDArray[np.intp]:
    """The last row of each id that is alive, by id."""
    known, backwards = np.unique(ids[::-1], return_index=True)
    return (len(ids) - 1 - backwards)[np.isin(known, alive)]


def _joined(parts: list[Mapping[str, NDArray[Any]]], name: str, dtype: Any) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *(part[name] for part in parts)])


def _pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _unpack(packed: bytes) -> Mapping[str, NDArray[Any]]:
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
