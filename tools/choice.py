"""Fitting a choice among candidates: what `tools.fit_lines` needs for headlines.

A conditional logit: the probability of a candidate is the exponential of its worth over the sum of all of
its group. Weights are held towards 0 and fitted by L-BFGS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

Array = np.ndarray


@dataclass(frozen=True)
class Group:
    """Candidates of one document, some of which are right."""

    seen: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    matters: float


def fit(groups: Sequence[Group], *, strength: float) -> dict[str, float]:
    """The weight of everything seen, from the groups in which a candidate is right."""
    groups = [group for group in groups if any(group.right)]
    names = sorted({name for group in groups for seen in group.seen for name in seen})
    table = np.array([[seen.get(name, 0.0) for name in names] for group in groups for seen in group.seen])
    right = np.array([value for group in groups for value in group.right], float)
    matters = np.array([group.matters for group in groups])
    sizes = [len(group.seen) for group in groups]
    starts = np.cumsum([0, *sizes])[:-1]
    of_group = np.repeat(np.arange(len(groups)), sizes)

    def loss(weights: Array) -> tuple[float, Array]:
        worth = table @ weights
        shares = np.exp(worth - np.maximum.reduceat(worth, starts)[of_group])
        total = np.add.reduceat(shares, starts)
        good = np.add.reduceat(shares * right, starts)
        value = float(matters @ (np.log(total) - np.log(good)))
        pull = matters[of_group] * (shares / total[of_group] - shares * right / good[of_group])
        return value + 0.5 * strength * float(weights @ weights), table.T @ pull + strength * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return dict(zip(names, found.tolist(), strict=True))
