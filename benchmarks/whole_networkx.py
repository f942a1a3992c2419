"""The indices of whole_igraph.py with the standard library and networkx; prints CPU seconds by stage.

Usage: python benchmarks/whole_networkx.py FILE

Groups are found by Louvain, as networkx has no Leiden of its own.
"""

import csv
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from measuring import Stages


def main() -> None:
    stages = Stages("import")
    import networkx as nx

    stages.begin("read")
    accounts, weight, count = set(), Counter(), 0
    days, active, tags, uses = defaultdict(Counter), defaultdict(set), defaultdict(set), Counter()
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source, target = row["source"], row["target"]
            if source == target or not source or not target:
                continue
            count += 1
            accounts |= {source, target}
            if row["kind"] == "retweet":
                weight[source, target] += 1
                days[row["time"][:10]][target] += 1
                active[row["time"][:10]].add(source)
            for tag in row["hashtags"].replace(",", " ").split():
                tags[tag].add(source)
                uses[tag] += 1
    stages.begin("graph")
    graph = nx.DiGraph()
    graph.add_nodes_from(accounts)
    graph.add_weighted_edges_from((s, t, w) for (s, t), w in weight.items())
    undirected = nx.Graph()
    undirected.add_nodes_from(accounts)
    for s, t, data in graph.edges(data=True):
        before = undirected.get_edge_data(s, t, {"weight": 0})["weight"]
        undirected.add_edge(s, t, weight=before + data["weight"])
    stages.begin("indices")
    held = dict(graph.in_degree(weight="weight"))
    strength = sorted(value for account, value in held.items() if graph.degree(account))
    total, n = sum(strength), len(strength)
    dict(graph.in_degree()), dict(graph.out_degree()), dict(graph.out_degree(weight="weight"))
    indices = {
        "gini": 2 * sum(rank * value for rank, value in enumerate(strength, start=1)) / (n * total) - (n + 1) / n,
        "effective_leaders": total**2 / sum(value * value for value in strength),
        **{f"top_{k}_share": sum(strength[-k:]) / total for k in (1, 5, 20)},
    }
    stages.begin("cores and components")
    sizes = [len(part) for part in nx.connected_components(undirected) if len(part) > 1]
    indices |= {
        "largest_coreness": max(nx.core_number(undirected).values()),
        "components": len(sizes),
        "largest_component": max(sizes),
    }
    stages.begin("groups")
    groups = nx.community.louvain_communities(undirected, seed=1)
    indices["modularity"] = nx.community.modularity(undirected, groups)
    of = {account: number for number, members in enumerate(groups) for account in members}
    between = Counter()
    for s, t, data in graph.edges(data=True):
        between[of[s], of[t]] += data["weight"]
    stages.begin("days and hashtags")
    tops = []
    for day in sorted(days):
        most = days[day].most_common(21)
        tops.append({account for account, received in most if received > most[-1][1]})
    changes = [1 - len(a & b) / len(a | b) for a, b in pairwise(tops)]
    indices |= {"days": len(days), "turnover": sum(changes) / len(changes)}
    tag_groups = {tag: Counter(of[account] for account in users) for tag, users in tags.items()}
    indices |= {"hashtags": len(tag_groups), "most_users": max(map(len, tags.values()))}
    stages.say(accounts=len(graph), interactions=count, **indices)


if __name__ == "__main__":
    main()
