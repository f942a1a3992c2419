"""What a competent script with pandas and igraph does from a file to a table of indices; prints CPU seconds by stage.

Usage: python benchmarks/whole_igraph.py FILE [FOLDER]

Retweets are the ties, as in netact. Computed are, of what netact's report tells: strength and degree of both directions, Gini
coefficient, effective number and shares of the top 1, 5 and 20, coreness, weak components, groups by Leiden with modularity
and the ties between them, interactions and active accounts by day, turnover of the top 20 from day to day (accounts tied at the
cut left out), and hashtags with their users, by group too. One CSV file holds the accounts, one each table.
"""

import json
import random
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from measuring import Stages


def main() -> None:
    stages = Stages("import")
    import igraph
    import numpy as np
    import pandas as pd

    stages.begin("read")
    columns = ["source", "target", "kind", "time", "hashtags"]
    rows = pd.read_csv(sys.argv[1], usecols=columns, dtype=dict.fromkeys(columns, str), keep_default_na=False)
    rows = rows[(rows["source"] != rows["target"]) & (rows["source"] != "") & (rows["target"] != "")]
    rows["time"] = pd.to_datetime(rows["time"], utc=True, format="ISO8601")
    stages.begin("aggregate")
    codes, names = pd.factorize(pd.concat([rows["source"], rows["target"]], ignore_index=True))
    rows["s"], rows["t"] = codes[: len(rows)], codes[len(rows) :]
    kept = rows[rows["kind"] == "retweet"]
    ties = kept.groupby(["s", "t"], sort=True).size().rename("weight").reset_index()
    n = len(names)
    stages.begin("graph")
    s, t, weight = ties["s"].to_numpy(), ties["t"].to_numpy(), ties["weight"].to_numpy()
    graph = igraph.Graph(n=n, edges=zip(s.tolist(), t.tolist(), strict=True), directed=True)
    graph.es["weight"] = weight.tolist()
    undirected = graph.as_undirected(mode="collapse", combine_edges={"weight": "sum"})
    stages.begin("indices")
    table = pd.DataFrame(
        {
            "account": names,
            "in_degree": np.bincount(t, minlength=n),
            "out_degree": np.bincount(s, minlength=n),
            "in_strength": np.bincount(t, weights=weight, minlength=n),
            "out_strength": np.bincount(s, weights=weight, minlength=n),
        }
    )
    active = (table["in_degree"] + table["out_degree"]).to_numpy() > 0
    ordered = np.sort(table["in_strength"].to_numpy()[active])
    total, count = ordered.sum(), len(ordered)
    indices = {
        "gini": float(2 * (np.arange(1, count + 1) * ordered).sum() / (count * total) - (count + 1) / count),
        "effective_leaders": float(total**2 / np.square(ordered).sum()),
        **{f"top_{k}_share": float(ordered[-k:].sum() / total) for k in (1, 5, 20)},
    }
    stages.begin("cores and components")
    table["coreness"] = undirected.coreness()
    parts = undirected.connected_components()
    table["component"] = parts.membership
    sizes = [size for size in parts.sizes() if size > 1]
    indices |= {
        "largest_coreness": int(table["coreness"].max()),
        "components": len(sizes),
        "largest_component": max(sizes),
    }
    stages.begin("groups")
    random.seed(1)  # noqa: TID251
    groups = undirected.community_leiden(objective_function="modularity", weights="weight", n_iterations=2)
    group = np.array(groups.membership)
    table["group"] = group
    indices["modularity"] = undirected.modularity(group.tolist(), weights="weight")
    between = ties.assign(a=group[s], b=group[t]).groupby(["a", "b"])["weight"].agg(["size", "sum"]).reset_index()
    stages.begin("days")
    day = kept["time"].dt.floor("D")
    days = kept.groupby(day).agg(interactions=("s", "size"), givers=("s", "nunique"), receivers=("t", "nunique"))
    received = kept.groupby([day, "t"]).size().rename("received").reset_index()
    cut = received.sort_values("received", ascending=False).groupby("time")["received"].nth(20)
    above = received[received["received"] > received["time"].map(received.loc[cut.index].set_index("time")["received"])]
    tops = [set(part["t"]) for _, part in above.groupby("time")]
    indices |= {"days": len(days), "turnover": float(np.mean([1 - len(a & b) / len(a | b) for a, b in pairwise(tops)]))}
    stages.begin("hashtags")
    used = rows.loc[rows["hashtags"] != "", ["s", "hashtags"]]
    used = used.assign(tag=used["hashtags"].str.split(r"[;,|\s]+")).explode("tag")
    used = used[used["tag"] != ""].assign(group=lambda found: group[found["s"]])
    tags = used.groupby("tag").agg(uses=("s", "size"), users=("s", "nunique")).sort_values("users", ascending=False)
    tag_groups = used.groupby(["tag", "group"])["s"].nunique().reset_index()
    indices |= {"hashtags": len(tags), "most_users": int(tags["users"].iloc[0])}
    stages.begin("write")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else scratch)
        folder.mkdir(exist_ok=True)
        made = {"accounts": table, "between": between, "days": days, "tags": tags, "tag_groups": tag_groups}
        for name, frame in made.items():
            frame.to_csv(folder / f"{name}.csv", index=name in ("days", "tags"))
        (folder / "indices.json").write_text(json.dumps(indices), encoding="utf-8")
    stages.say(accounts=n, interactions=len(rows), **indices)


if __name__ == "__main__":
    main()
