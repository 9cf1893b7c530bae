"""Arithmetic on many small matrices at once: the first axis counts tracks or pairs.

Measurements have one or two components, so inverses and determinants are written out; that is
several times quicker than calling LAPACK for each matrix.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def symmetric(matrices: Floats) -> Floats:
    """The symmetric part of each matrix (..., d, d): what rounding bent is straightened."""
    return 0.5 * (matrices + matrices.swapaxes(-1, -2))


def transposed(matrices: Floats) -> Floats:
    """Each matrix (..., d, e) turned over (..., e, d), in memory too: products are then quicker."""
    return np.ascontiguousarray(matrices.swapaxes(-1, -2))


def inverse_and_determinant(matrices: Floats) -> tuple[Floats, Floats]:
    """Inverse (..., k, k) and determinant (...) of symmetric positive definite matrices, k = 1, 2.

    Raises:
        ValueError: the matrices are larger.
    """
    size = matrices.shape[-1]
    if size == 1:
        return 1.0 / matrices, matrices[..., 0, 0]
    if size != 2:
        raise ValueError(f"written out for 1 x 1 and 2 x 2, not for {size} x {size}")
    a, b, d = matrices[..., 0, 0], matrices[..., 0, 1], matrices[..., 1, 1]
    determinant = a * d - b * b
    inverse = np.empty_like(matrices)
    inverse[..., 0, 0] = d / determinant
    inverse[..., 1, 1] = a / determinant
    inverse[..., 0, 1] = inverse[..., 1, 0] = -b / determinant
    return inverse, determinant


def inverse_by_blocks(matrices: Floats) -> Floats:
    """Inverses of symmetric positive definite matrices (n, 4, 4), by blocks of two by two.

    The inverse of the upper block and that of its Schur complement give all four (Horn, Johnson,
    *Matrix Analysis*, 2nd ed., Cambridge 2013, section 0.7.3). Within, n is the last axis, so that
    every step is one over all matrices.
    """
    turned = np.ascontiguousarray(matrices.transpose(1, 2, 0))
    across = turned[:2, 2:]
    upper = _inverse_of_two(turned[:2, :2])
    gain = _product_of_two(upper, across)
    rest = _inverse_of_two(turned[2:, 2:] - _product_of_two(across.swapaxes(0, 1), gain))
    both = _product_of_two(gain, rest)
    inverse = np.empty_like(turned)
    inverse[:2, :2] = upper + _product_of_two(both, gain.swapaxes(0, 1))
    inverse[:2, 2:], inverse[2:, :2], inverse[2:, 2:] = -both, -both.swapaxes(0, 1), rest
    return np.ascontiguousarray(inverse.transpose(2, 0, 1))


def _inverse_of_two(matrices: Floats) -> Floats:
    """Inverses of symmetric matrices (2, 2, n)."""
    (a, b), (_, d) = matrices
    inverse: Floats = np.array([[d, -b], [-b, a]]) / (a * d - b * b)
    return inverse


def _product_of_two(one: Floats, two: Floats) -> Floats:
    """Products of matrices (2, 2, n)."""
    product: Floats = one[:, :1] * two[:1] + one[:, 1:] * two[1:]
    return product


def quadratic_form(matrices: Floats, vectors: Floats) -> Floats:
    """``v' M v`` for symmetric matrices (..., k, k) and vectors (..., k), k = 1 or 2."""
    if vectors.shape[-1] == 1:
        return matrices[..., 0, 0] * vectors[..., 0] ** 2
    x, y = vectors[..., 0], vectors[..., 1]
    cross = 2.0 * matrices[..., 0, 1] * x * y
    form: Floats = matrices[..., 0, 0] * x * x + cross + matrices[..., 1, 1] * y * y
    return form


def largest_eigenvalue(matrices: Floats) -> Floats:
    """The larger eigenvalue (...) of symmetric matrices (..., 2, 2)."""
    a, b, d = matrices[..., 0, 0], matrices[..., 0, 1], matrices[..., 1, 1]
    eigenvalue: Floats = 0.5 * (a + d) + np.hypot(0.5 * (a - d), b)
    return eigenvalue


def is_positive_definite(matrices: Floats) -> Bools:
    """Whether each matrix (n, k, k) is finite, symmetric and positive definite."""
    alike = np.isfinite(matrices) & np.isclose(matrices, matrices.swapaxes(-1, -2), rtol=1e-9)
    finite: Bools = np.asarray(alike.all(axis=(-1, -2)))
    tried = np.where(finite[:, None, None], matrices, 0.0)
    least: Floats = np.linalg.eigvalsh(tried)[:, 0]
    return np.asarray(finite & (least > 0.0))


def sum_by(index: Ints, values: Floats, count: int) -> Floats:
    """Sums (count, ...) of rows (p, ...) that have the same index; the index ascends."""
    sums = np.zeros((count, *values.shape[1:]))
    if len(index):
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        sums[index[starts]] = np.add.reduceat(values, starts, axis=0)
    return sums


def wrapped(angles_rad: Floats) -> Floats:
    """Angles brought into [-pi, pi)."""
    turned: Floats = (angles_rad + np.pi) % (2.0 * np.pi) - np.pi
    return turned
