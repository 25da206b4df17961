"""How well the two nets for newspapers tell articles apart by themselves, and how fast they are.

python bench/news_nets.py --net src/leggio/weights/news.onnx --pages ../shared/data/news-dev/pages --sampled 60

Pages are sampled ones with seeds that no training uses, and those of a folder, by newspaper. The grey page is the scan
beside a page or else drawn from its lines, as training does. Today's net: the chances of `Regions.same_articles`, and
the partition that they speak for most. The net of 2017: connected areas, as in the paper.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.evaluate.news_metrics import Counts, count_page, score
from leggio.evaluate.news_truth import load_truth
from leggio.net import Net, load_net
from leggio.news.components import articles_2017
from leggio.news.layout import Article, ArticleKind, Block, Layout, NewsTruth
from leggio.news.partition import part_blocks
from leggio.news.regions import Regions, segment
from leggio.news.views import BACKGROUND, fit_page
from leggio.synth.news import sample_news
from leggio.train.news_grey import imitate_grey

SEED = 990_000  # training draws from [seed of its recipe, step, worker]
FIT_SEED = 980_000
GREY_SIDE = 1600  # pixels in the longer side of a grey page that is drawn

Grey = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", type=Path, required=True)
    parser.add_argument("--pages", type=Path, nargs="*", default=[])
    parser.add_argument("--sampled", type=int, default=60)
    parser.add_argument("--show", choices=["both", "layout", "image"], default="both")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fit", action="store_true", help="print what each kind of evidence should weigh")
    options = parser.parse_args()
    net = load_net(options.net, options.threads)
    if options.fit:
        print(*fit_weights(net, options.sampled))
        return
    cases: list[tuple[str, NewsTruth, Grey | None]] = [
        ("sampled", sample_news(np.random.default_rng(SEED + page)), None) for page in range(options.sampled)
    ]
    for folder in options.pages:
        for path in sorted(folder.glob("*.json")):
            beside = path.with_suffix(".jpg")
            picture = cv2.imread(str(beside), cv2.IMREAD_GRAYSCALE) if beside.exists() else None
            cases.append((path.stem.split("_1")[0], load_truth(path), picture))
    counts: dict[str, Counts] = defaultdict(Counts)
    evidence: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    seconds = []
    for name, truth, picture in cases:
        grey = draw_grey(truth.layout) if picture is None else picture
        shown = (
            truth.layout if options.show != "image" else Layout(truth.layout.width, truth.layout.height, ())
        )
        began = time.perf_counter()
        regions = segment(None if options.show == "layout" else grey, shown, net)
        seconds.append(time.perf_counter() - began)
        counts[name] += count_page(truth, truth.layout, find_articles(regions, truth.layout))
        evidence[name] += compare(regions, truth)
    for name, sums in counts.items():
        figures = score(sums)
        print(
            f"{name:32} DER {figures.der:.3f}  complete {figures.completeness:.3f}  AS {figures.as_f1:.3f}  "
            f"B3 {figures.b3:.3f}  ARI {figures.ari:.3f}  AUC {rank(evidence[name]):.3f}"
        )
    real = [score(sums) for name, sums in counts.items() if name != "sampled"]
    if real:
        print(
            f"{'mean of newspapers':32} DER {np.mean([f.der for f in real]):.3f}  "
            f"complete {np.mean([f.completeness for f in real]):.3f}  AS {np.mean([f.as_f1 for f in real]):.3f}  "
            f"B3 {np.mean([f.b3 for f in real]):.3f}  ARI {np.mean([f.ari for f in real]):.3f}"
        )
    print(
        f"{np.median(seconds) * 1000:.0f} ms a page with drawing, {time_net(net) * 1000:.0f} ms the net alone"
    )


def draw_grey(layout: Layout) -> Grey:
    """The page as a picture, always the same for the same layout."""
    scale = GREY_SIDE / max(layout.width, layout.height)
    frame = fit_page(layout.width, layout.height, (round(layout.height * scale), round(layout.width * scale)))
    ink = imitate_grey(layout, frame, np.random.default_rng(len(layout.blocks)))
    grey = cv2.resize(255 - 255 * ink, (round(layout.width), round(layout.height)))
    return np.asarray(grey, np.uint8)


def find_articles(regions: Regions, layout: Layout) -> tuple[Article, ...]:
    if regions.names == (BACKGROUND,):
        return articles_2017(regions, layout)
    blocks = layout.blocks
    chances = np.clip(regions.same_articles(blocks), 1e-4, 1 - 1e-4)
    parts = part_blocks(np.log(chances / (1 - chances)))
    return tuple(
        Article(number, ArticleKind.ARTICLE, tuple(b.id for b, p in zip(blocks, parts, strict=True) if p == number), ())
        for number in range(int(parts.max(initial=-1)) + 1)
    )  # fmt: skip


def compare(regions: Regions, truth: NewsTruth) -> list[tuple[float, bool]]:
    """For blocks that face each other with nothing between: the chance to be of one article, and whether they are."""
    if regions.names == (BACKGROUND,):
        return []
    owners = {block: article.id for article in truth.articles for block in article.blocks}
    blocks = truth.layout.blocks
    places = {block.id: place for place, block in enumerate(blocks)}
    chances = regions.same_articles(blocks)
    return [
        (float(chances[places[one.id], places[two.id]]), owners[one.id] == owners[two.id])
        for one, two in find_neighbours(truth.layout)
        if one.id in owners and two.id in owners
    ]


def find_neighbours(layout: Layout) -> list[tuple[Block, Block]]:
    """Each block with the nearest one straight below and straight to the right of it."""
    pairs = []
    for one in layout.blocks:
        below = [
            two for two in layout.blocks
            if two.box.y0 >= one.box.center.y and two is not one
            and min(one.box.x1, two.box.x1) - max(one.box.x0, two.box.x0) > 0.3 * min(one.box.width, two.box.width)
        ]  # fmt: skip
        right = [
            two for two in layout.blocks
            if two.box.x0 >= one.box.center.x and two is not one
            and min(one.box.y1, two.box.y1) - max(one.box.y0, two.box.y0) > 0.3 * min(one.box.height, two.box.height)
        ]  # fmt: skip
        if below:
            pairs.append((one, min(below, key=lambda two: two.box.y0)))
        if right:
            pairs.append((one, min(right, key=lambda two: two.box.x0)))
    return pairs


def rank(answers: list[tuple[float, bool]]) -> float:
    """The chance that a pair of one article is given a higher chance than a pair of two (AUC)."""
    chances = np.array([chance for chance, _ in answers])
    same = np.array([is_same for _, is_same in answers], bool)
    if not same.any() or same.all():
        return float("nan")
    ranks = np.argsort(np.argsort(chances)) + 1
    return float((ranks[same].sum() - same.sum() * (same.sum() + 1) / 2) / (same.sum() * (~same).sum()))


def fit_weights(net: Net, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What marks, near cells and border weigh, and the bias, for near blocks; for far ones, without near cells."""
    rows, same = [], []
    for page in range(count):
        truth = sample_news(np.random.default_rng(FIT_SEED + page))
        regions = segment(draw_grey(truth.layout) if page % 3 else None, truth.layout, net)
        owners = {block: article.id for article in truth.articles for block in article.blocks}
        labels = np.array([owners.get(block.id, -1) for block in truth.layout.blocks])
        evidence = regions.gather([block.box for block in truth.layout.blocks])
        one, two = np.triu_indices(len(labels), 1)
        asked = (labels[one] >= 0) & (labels[two] >= 0) & np.isfinite(evidence[one, two, 2])
        rows.append(evidence[one, two][asked])
        same.append(labels[one][asked] == labels[two][asked])
    x, y = np.concatenate(rows), np.concatenate(same)
    near = np.isfinite(x[:, 1])
    return regress(x[near], y[near]), regress(x[~near][:, [0, 2]], y[~near])


def regress(x: NDArray[np.float64], y: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A logistic regression by Newton's method: the weights and the bias."""
    x = np.column_stack([x, np.ones(len(x))])
    weights = np.zeros(x.shape[1])
    for _ in range(15):
        chances = 1 / (1 + np.exp(-x @ weights))
        bend = (x * (chances * (1 - chances))[:, None]).T @ x
        weights += np.linalg.solve(bend + np.eye(len(weights)), x.T @ (y - chances))
    return weights.round(2)


def time_net(net: Net) -> float:
    assert net.card.size is not None
    page = np.random.default_rng(0).random((1, len(net.card.views), *net.card.size), np.float32)
    net(page)
    times = []
    for _ in range(10):
        began = time.perf_counter()
        net(page)
        times.append(time.perf_counter() - began)
    return float(np.median(times))


if __name__ == "__main__":
    main()
