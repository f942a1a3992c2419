"""The indices of whole_igraph.py, and no more, with netact as a library; prints CPU seconds by stage.

Usage: python benchmarks/whole_indices.py FILE [FOLDER]
"""

import json
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from measuring import Stages


def main() -> None:
    stages = Stages("import")
    import numpy as np
    import polars as pl

    from netact import cohesion, polarization, read_network
    from netact.concentration import effective_number, gini, top_share
    from netact.partition import leiden_partitions

    stages.begin("read")
    network = read_network(sys.argv[1])
    stages.begin("graph")
    ties, pairs = network.ties("retweet"), network.undirected_ties("retweet")
    stages.begin("indices")
    attention = ties.in_strength[ties.active]
    indices = {
        "gini": gini(attention),
        "effective_leaders": effective_number(attention),
        **{f"top_{k}_share": top_share(attention, k) for k in (1, 5, 20)},
    }
    stages.begin("cores and components")
    coreness, component = cohesion.coreness(pairs), ties.weak_components()
    sizes = np.bincount(component[component >= 0])
    indices |= {"largest_coreness": int(coreness.max()), "components": len(sizes), "largest_component": int(sizes[0])}
    stages.begin("groups")
    interactions = network.interactions.height
    group = leiden_partitions(pairs, seeds=[1], resolution=1.0, interactions=interactions)[0]
    indices["modularity"] = polarization.modularity(polarization.adjacency(pairs, weighted=True), group)
    between = pl.DataFrame({"a": group[ties.source], "b": group[ties.target], "weight": ties.weight})
    between = between.group_by("a", "b").agg(pl.len().alias("ties"), pl.col("weight").sum()).sort("a", "b")
    stages.begin("days")
    kept = network.rows("retweet").select("source", "target", day=pl.col("time").dt.date())
    days = kept.group_by("day").agg(
        interactions=pl.len(), givers=pl.col("source").n_unique(), receivers=pl.col("target").n_unique()
    )
    days = days.sort("day")
    received = kept.group_by("day", "target").len("received")
    cut = received.group_by("day").agg(cut=pl.col("received").top_k(21).min())
    above = received.join(cut, on="day").filter(pl.col("received") > pl.col("cut"))
    tops = [set(part["target"].to_list()) for part in above.sort("day").partition_by("day", maintain_order=True)]
    indices |= {
        "days": days.height,
        "turnover": float(np.mean([1 - len(a & b) / len(a | b) for a, b in pairwise(tops)])),
    }
    stages.begin("hashtags")
    used = network.hashtags.select("account", "hashtag", group=pl.Series(group).gather(network.hashtags["account"]))
    tags = used.group_by("hashtag").agg(uses=pl.len(), users=pl.col("account").n_unique()).sort("users", "hashtag")
    tag_groups = used.unique(["hashtag", "group", "account"]).group_by("hashtag", "group").len("users")
    indices |= {"hashtags": tags.height, "most_users": tags["users"][-1]}
    stages.begin("write")
    table = pl.DataFrame(
        {
            "account": network.accounts["key"],
            **{name: getattr(ties, name) for name in ("in_degree", "out_degree", "in_strength", "out_strength")},
            "coreness": coreness,
            "component": component,
            "group": group,
        }
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else scratch)
        folder.mkdir(exist_ok=True)
        made = {"accounts": table, "between": between, "days": days, "tags": tags, "tag_groups": tag_groups}
        for name, frame in made.items():
            frame.write_csv(folder / f"{name}.csv")
        (folder / "indices.json").write_text(json.dumps(indices), encoding="utf-8")
    stages.say(accounts=network.n_accounts, interactions=interactions, **indices)


if __name__ == "__main__":
    main()
