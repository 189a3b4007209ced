"""Fitting a chain of states to labelled sequences: what `tools.fit_lines` needs of numerics.

The weights are those of a linear-chain conditional random field. They are fitted in two steps, both by
L-BFGS: first to the likelihood of the labelled paths, which is quick and never goes astray; then to what
is wanted, the sum over lines of the logarithm of the probability that a line is in one of its allowed
states, each line weighed by what it matters. Its gradient is carried back by hand through the forward and
backward sums (`_Marginals.gradient`).

Sequences are packed time by time, longest first, so that one step works on all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

Array = np.ndarray


@dataclass(frozen=True)
class Shape:
    """The states of a chain and how weights make them up."""

    states: tuple[str, ...]
    columns: tuple[str, ...]  #: of weights; a state's evidence is the sum of its columns
    parts: Mapping[str, tuple[str, ...]]  #: by state: its columns
    follows: Mapping[str, tuple[str, ...]]  #: by state: what may come next; by "": what may come first
    penalty: Mapping[str, float]  #: by column: how much its weights are held towards 0
    damped: tuple[str, ...]  #: states that cost nothing to stay in, however long
    alike: tuple[str, ...]  #: columns that only say how a state differs from those alike; their mean is 0

    @property
    def mixing(self) -> Array:
        """Columns to states."""
        rows = [[float(column in self.parts[state]) for state in self.states] for column in self.columns]
        return np.array(rows)

    @property
    def allowed(self) -> Array:
        """Which state may follow which."""
        return np.array([[after in self.follows[state] for after in self.states] for state in self.states])

    @property
    def opens(self) -> Array:
        """Which state may be the first."""
        return np.array([state in self.follows[""] for state in self.states])

    @property
    def held(self) -> Array:
        """1 for a move whose weight is fitted, 0 for one that is held at 0."""
        return np.array(
            [[not (a == b and a in self.damped) for b in self.states] for a in self.states], float
        )


@dataclass(frozen=True)
class Weights:
    """What is fitted."""

    features: Array  #: features × columns
    moves: Array  #: states × states
    first: Array  #: states

    def flat(self) -> Array:
        """As one vector."""
        return np.concatenate([self.features.ravel(), self.moves.ravel(), self.first])


@dataclass(frozen=True)
class Labelled:
    """One labelled document."""

    features: sparse.csr_matrix  #: lines × features, 0 and 1
    paths: Array  #: lines × states: the states that the labels allow
    wanted: Array  #: lines × states: those that are as good as right for what is wanted
    matters: Array  #: lines: the weight of each in the second step
    counts: Array  #: lines: how much of the differences between states alike counts, 0 to 1


class Packed:
    """Documents packed time by time."""

    def __init__(self, documents: Sequence[Labelled]) -> None:
        order = sorted(documents, key=lambda document: -document.features.shape[0])
        lengths = [document.features.shape[0] for document in order]
        starts = np.concatenate([[0], np.cumsum(lengths)])[:-1]
        self.active = [sum(length > time for length in lengths) for time in range(lengths[0])]
        rows = np.concatenate([starts[:active] + time for time, active in enumerate(self.active)])
        self.features = sparse.vstack([document.features for document in order]).tocsr()[rows]
        self.transposed = self.features.T.tocsr()
        self.paths = np.concatenate([document.paths for document in order])[rows]
        self.wanted = np.concatenate([document.wanted for document in order])[rows]
        self.matters = np.concatenate([document.matters for document in order])[rows]
        self.counts = np.concatenate([document.counts for document in order])[rows][:, None]
        bounds = np.concatenate([[0], np.cumsum(self.active)])
        self.times = [slice(bounds[time], bounds[time + 1]) for time in range(len(self.active))]
        self.size = int(bounds[-1])


class _Marginals:
    """Forward and backward sums for one setting of the weights; rows scaled so that nothing overflows."""

    def __init__(self, packed: Packed, evidence: Array, moves: Array, first: Array) -> None:
        shape = evidence.shape
        self.packed, self.evidence, self.moves, self.first = packed, evidence, moves, first
        self.reached, self.ahead, self.back = np.zeros(shape), np.ones(shape), np.zeros(shape)
        self.ahead_evidence, self.scale = np.zeros(shape), np.zeros(shape[0])
        self.forward = np.zeros(shape)
        self._forward()
        self._backward()

    def _forward(self) -> None:
        weighed = np.zeros((0, 0))
        for time, rows in enumerate(self.packed.times):
            active = self.packed.active[time]
            reached = weighed[:active] @ self.moves if time else np.tile(self.first, (active, 1))
            weighed = reached * self.evidence[rows]
            total = np.maximum(weighed.sum(1, keepdims=True), 1e-300)
            weighed = weighed / total
            self.reached[rows], self.forward[rows], self.scale[rows] = reached, weighed, total[:, 0]

    def _backward(self) -> None:
        after = np.zeros((0, 0))
        for time in range(len(self.packed.times) - 1, -1, -1):
            rows = self.packed.times[time]
            if len(after):
                followed = slice(rows.start, rows.start + len(after))
                self.back[followed] = self.ahead[followed] = after @ self.moves.T
            after = self.evidence[rows] * self.ahead[rows] / self.scale[rows][:, None]
            self.ahead_evidence[rows] = after

    @property
    def shares(self) -> Array:
        """Lines × states: how probable each state is."""
        return self.forward * self.ahead

    def expected_moves(self) -> Array:
        """States × states: how often each move is made."""
        times = self.packed.times
        before = np.concatenate(
            [
                np.arange(rows.start, rows.start + self.packed.active[time + 1])
                for time, rows in enumerate(times[:-1])
            ]
        )
        return (self.forward[before].T @ self.ahead_evidence[times[1].start :]) * self.moves

    def gradient(self, pull: Array) -> tuple[Array, Array, Array]:
        """What a pull on the logarithm of each share is for evidence, moves and first states."""
        times, active = self.packed.times, self.packed.active
        evidence, moves = np.zeros_like(pull), np.zeros_like(self.moves)
        later = np.zeros((0, 0))
        for time in range(len(times) - 1, -1, -1):
            rows = times[time]
            here = pull[rows].copy()
            if len(later):
                share = _ratio(later, self.reached[times[time + 1]])
                own = self.forward[rows.start : rows.start + len(later)]
                here[: len(later)] += own * (share @ self.moves.T)
                moves += (own.T @ share) * self.moves
            evidence[rows] += here
            later = here
        first = later.sum(0)
        earlier = np.zeros((0, 0))
        for time, rows in enumerate(times):
            here = pull[rows].copy()
            if time:
                before = times[time - 1].start
                share = _ratio(earlier[: active[time]], self.back[before : before + active[time]])
                carried = self.ahead_evidence[rows] * (share @ self.moves)
                here += carried
                evidence[rows] += carried
                moves += (share.T @ self.ahead_evidence[rows]) * self.moves
            earlier = here
        return evidence, moves, first


def _ratio(above: Array, below: Array) -> Array:
    return np.where(below > 1e-200, above / np.maximum(below, 1e-200), 0.0)


class Fit:
    """The two objectives over one packing."""

    def __init__(self, shape: Shape, packed: Packed, strength: float) -> None:
        self.shape, self.packed, self.strength = shape, packed, strength
        self.count = packed.features.shape[1]
        states = len(shape.states)
        penalty = np.array([shape.penalty.get(column, 1.0) for column in shape.columns])
        self.penalty = np.concatenate([np.tile(penalty, self.count), np.ones(states * states + states)])
        self.alike = [shape.columns.index(column) for column in shape.alike]

    def weights(self, flat: Array) -> Weights:
        """The vector taken apart."""
        columns, states = len(self.shape.columns), len(self.shape.states)
        cut = self.count * columns
        return Weights(
            features=flat[:cut].reshape(self.count, columns),
            moves=flat[cut : cut + states * states].reshape(states, states) * self.shape.held,
            first=flat[cut + states * states :],
        )

    def _sums(self, flat: Array, mask: Array | None = None) -> _Marginals:
        weights, shape = self.weights(flat), self.shape
        scores = self._lessened(self.packed.features @ weights.features) @ shape.mixing
        evidence = np.exp(np.maximum(scores - scores.max(1, keepdims=True), -60))
        return _Marginals(
            self.packed,
            evidence if mask is None else evidence * mask,
            np.where(shape.allowed, np.exp(weights.moves), 0.0),
            np.where(shape.opens, np.exp(weights.first), 0.0),
        )

    def _lessened(self, columns: Array) -> Array:
        """Lines × columns, with as much of the differences between states alike as counts."""
        found = columns.copy()
        alike = columns[:, self.alike]
        found[:, self.alike] = (alike - alike.mean(1, keepdims=True)) * self.packed.counts
        return found

    def likelihood(self, flat: Array) -> tuple[float, Array]:
        """Minus the likelihood of the labelled paths, and its gradient."""
        labelled, free = self._sums(flat, self.packed.paths), self._sums(flat)
        loss = float(np.log(free.scale).sum() - np.log(labelled.scale).sum())
        pull = free.shares - labelled.shares
        first = pull[self.packed.times[0]].sum(0)
        return self._finished(flat, loss, pull, free.expected_moves() - labelled.expected_moves(), first)

    def wanted(self, flat: Array) -> tuple[float, Array]:
        """Minus the weighed logarithms of what is wanted of each line, and the gradient."""
        sums = self._sums(flat)
        shares, loss = sums.shares, 0.0
        pull = np.zeros_like(shares)
        for mask, weight in ((self.packed.wanted, 1.0), (self.packed.paths, 0.3)):
            right = shares * mask
            total = np.maximum(right.sum(1, keepdims=True), 1e-12)
            matters = (self.packed.matters * weight)[:, None]
            loss -= float((matters * np.log(total)).sum())
            pull -= matters * (right / total - shares)
        return self._finished(flat, loss, *sums.gradient(pull))

    def _finished(
        self, flat: Array, loss: float, evidence: Array, moves: Array, first: Array
    ) -> tuple[float, Array]:
        features = self.packed.transposed @ self._lessened(evidence @ self.shape.mixing.T)
        gradient = np.concatenate([features.ravel(), (moves * self.shape.held).ravel(), first])
        held = self.strength * self.penalty * flat
        return loss + 0.5 * float(held @ flat), gradient + held


def fit(shape: Shape, documents: Sequence[Labelled], *, strength: float, rounds: tuple[int, int]) -> Weights:
    """The weights after both steps, each with at most so many rounds."""
    fitting = Fit(shape, Packed(documents), strength)
    flat = np.zeros(len(fitting.penalty))
    for objective, most in zip((fitting.likelihood, fitting.wanted), rounds, strict=True):
        flat = minimize(
            objective, flat, jac=True, method="L-BFGS-B", options={"maxiter": most, "maxcor": 8}
        ).x
    return fitting.weights(flat)
