"""Features and models as bytes, for a cache to keep: NumPy's own format, never pickle."""

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


def pack_features(features: csr_matrix) -> bytes:
    """The columns of the features of some papers; all are 1."""
    return _pack({"indices": features.indices, "indptr": features.indptr})


def unpack_features(
    blocks: Iterable[tuple[bytes, bytes]], alive: Sequence[int]
) -> tuple[Ids, csr_matrix]:
    """Ids and features of the papers that are alive, by id, from blocks of (ids, features).

    Of a paper in several blocks the last one holds.
    """
    ids, parts = [np.empty(0, np.int64)], []
    for packed_ids, packed in blocks:
        ids.append(np.frombuffer(packed_ids, np.int64))
        parts.append(_unpack(packed))
    paper_ids = np.concatenate(ids)
    starts = np.cumsum([0, *(len(part["indices"]) for part in parts)])
    indptr = np.concatenate(
        [[0], *(part["indptr"][1:] + start for part, start in zip(parts, starts, strict=False))]
    )
    indices = np.concatenate([np.empty(0, np.int32), *(part["indices"] for part in parts)])
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
