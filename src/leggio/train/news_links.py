"""The net that links the blocks of a newspaper page: its layers, its targets and its loss.

In: tables of evidence (see `leggio.news.evidence`), and which article each block is of. Out: logits, losses.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from leggio.news.evidence import HEAD, WIDTH
from leggio.news.links import ARTICLE_KINDS
from leggio.train.recipe import Linking

_NEVER = -1e4  # logit of what cannot be; finite, so that a row of nothing but these has a gradient
_NEARER = 0.5  # power by which pairs farther apart in reading order weigh less: they are many and easy


class Links(NamedTuple):
    """The net's answers for n blocks: `pairs` (batch, n, n), symmetric: one article? `starts` (batch, n): begins an
    article? `follows` (batch, n, n): does the row's block go on where the column's block, read before it, leaves off?
    `kinds` (batch, n, KINDS): of what kind is its article? `breaks` (batch, n): is the block of another article than
    the one read before it, by these two and the one read next alone?
    """

    pairs: Tensor
    starts: Tensor
    follows: Tensor
    kinds: Tensor
    breaks: Tensor


class LinkBatch(NamedTuple):
    """Pages of up to n blocks: `image` (batch, n, HEAD + n, WIDTH) is the evidence, 0 beyond a page's blocks;
    `articles` (batch, n) numbers the article of each block and `kinds` (batch, n) the kind of that, both -1 where it is
    not known.
    """

    image: Tensor
    articles: Tensor
    kinds: Tensor


class Linker(nn.Module):
    """Attention between blocks, biased by what each is to each; then every pair is asked.

    Beside it, a small net glances at three neighbours at a time: few pages teach it what attention needs many for.
    """

    def __init__(self, plan: Linking) -> None:
        super().__init__()
        wide, slim = plan.width, plan.pair_width
        self.enter = nn.Sequential(nn.Linear(HEAD * WIDTH, wide), nn.ReLU(), nn.Linear(wide, wide))
        self.relate = nn.Sequential(nn.Linear(WIDTH, slim), nn.ReLU())
        self.layers = nn.ModuleList(_Layer(plan) for _ in range(plan.layers))
        self.leave = nn.LayerNorm(wide)
        self.start, self.kind = nn.Linear(wide, 1), nn.Linear(wide, len(ARTICLE_KINDS))
        self.first, self.second = nn.Linear(wide, slim), nn.Linear(wide, slim)
        self.query, self.key = nn.Linear(wide, wide), nn.Linear(wide, wide)
        self.answer = nn.Sequential(nn.Linear(slim, slim), nn.ReLU(), nn.Linear(slim, 2))
        self.glance = nn.Sequential(
            nn.Linear((3 * HEAD + 2) * WIDTH, plan.glance), nn.ReLU(), nn.Dropout(2 * plan.dropout),
            nn.Linear(plan.glance, plan.glance), nn.ReLU(), nn.Dropout(2 * plan.dropout), nn.Linear(plan.glance, 1),
        )  # fmt: skip

    def forward(self, table: Tensor) -> Links:
        """`table` (batch, n, HEAD + n, WIDTH) to `Links`."""
        blocks = table[:, :, :HEAD].flatten(2)
        away = (blocks[:, :, 0] <= 0).to(table.dtype)[:, None, None, :] * _NEVER
        related = self.relate(table[:, :, HEAD:])
        state = self.enter(blocks)
        for layer in self.layers:
            state = layer(state, related, away)
        state = self.leave(state)
        alike = self.query(state) @ self.key(state).transpose(1, 2) / state.shape[-1] ** 0.5
        asked = torch.relu(self.first(state)[:, :, None] + self.second(state)[:, None] + related)
        answers = self.answer(asked)
        pairs = answers[..., 0] + alike
        pairs = pairs + pairs.transpose(1, 2)
        breaks = self.glance(look_around(table))[..., 0]
        return Links(pairs, self.start(state)[..., 0], answers[..., 1] + alike, self.kind(state), breaks)


def look_around(table: Tensor) -> Tensor:
    """(batch, n, (3 HEAD + 2) WIDTH): each block, the one read before and the one read next, and what they are to it.

    Beyond the first and the last block of a page are zeros.
    """
    blocks, pairs = table[:, :, :HEAD].flatten(2), table[:, :, HEAD:]
    nothing = torch.zeros_like(blocks[:, :1])
    before = torch.cat([nothing, blocks[:, :-1]], 1)
    after = torch.cat([blocks[:, 1:], nothing], 1)
    place = torch.arange(table.shape[1], device=table.device)
    to_last, to_next = (
        (pairs * (place[:, None] + step == place).to(table.dtype)[None, :, :, None]).sum(2)
        for step in (-1, 1)
    )
    here = (blocks[:, :, :1] > 0).to(table.dtype)
    return torch.cat([blocks, before, after, to_last, to_next], -1) * here


class _Layer(nn.Module):
    def __init__(self, plan: Linking) -> None:
        super().__init__()
        self.heads = plan.heads
        self.norm = nn.LayerNorm(plan.width)
        self.mix = nn.Linear(plan.width, 3 * plan.width)
        self.bias = nn.Linear(plan.pair_width, plan.heads)
        self.join = nn.Linear(plan.width, plan.width)
        self.think = nn.Sequential(
            nn.LayerNorm(plan.width), nn.Linear(plan.width, 2 * plan.width), nn.GELU(),
            nn.Dropout(plan.dropout), nn.Linear(2 * plan.width, plan.width), nn.Dropout(plan.dropout),
        )  # fmt: skip

    def forward(self, state: Tensor, related: Tensor, away: Tensor) -> Tensor:
        parts = self.mix(self.norm(state)).chunk(3, dim=-1)
        query, key, value = (p.unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in parts)
        weights = (
            query @ key.transpose(2, 3) / key.shape[-1] ** 0.5 + self.bias(related).permute(0, 3, 1, 2) + away
        )
        mixed = (weights.softmax(-1) @ value).transpose(1, 2).flatten(2)
        state = state + self.join(mixed)
        return state + self.think(state)


def losses(links: Links, batch: LinkBatch) -> dict[str, Tensor]:
    """Five losses, each a mean over pages: of pairs, beginnings, what each block follows, kinds, and breaks.

    The third is the marginal likelihood of all blocks of its article that are read before a block, or of none: it
    begins one (the loss of coreference resolution, Lee et al. 2017). Unknown blocks ask nothing.
    """
    articles = batch.articles
    known = articles >= 0
    both = known[:, :, None] & known[:, None]
    same = (articles[:, :, None] == articles[:, None]) & both
    place = torch.arange(articles.shape[1], device=articles.device)
    earlier = (place[None] < place[:, None]) & both
    weight = earlier / (1 + (place[:, None] - place[None]).abs().float()) ** _NEARER
    pairs = F.binary_cross_entropy_with_logits(links.pairs.float(), same.float(), reduction="none")
    begins = known & ~(same & earlier).any(-1)
    starts = F.binary_cross_entropy_with_logits(links.starts.float(), begins.float(), reduction="none")
    choices = torch.cat(
        [links.starts.float()[..., None], links.follows.float().masked_fill(~earlier, _NEVER)], -1
    )
    right = torch.cat([begins[..., None], same & earlier], -1)
    follows = choices.logsumexp(-1) - choices.masked_fill(~right, _NEVER).logsumexp(-1)
    kinds = F.cross_entropy(
        links.kinds.float().transpose(1, 2), batch.kinds, ignore_index=-1, reduction="none"
    )
    # A break asks a block and the one before it; the first block of a page asks nothing.
    asked, broken = both.diagonal(-1, 1, 2).float(), (~same).diagonal(-1, 1, 2).float()
    breaks = F.binary_cross_entropy_with_logits(links.breaks[:, 1:].float(), broken, reduction="none")
    return {
        "pairs": _page_mean(pairs, weight),
        "starts": _page_mean(starts, known.float()),
        "follows": _page_mean(follows, known.float()),
        "kinds": _page_mean(kinds, (batch.kinds >= 0).float()),
        "breaks": _page_mean(breaks, asked),
    }


def _page_mean(values: Tensor, weight: Tensor) -> Tensor:
    values, weight = values.flatten(1), weight.flatten(1)
    return ((values * weight).sum(1) / weight.sum(1).clamp(min=1e-6)).mean()
