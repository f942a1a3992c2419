"""The indices of whole_igraph.py with the standard library and networkx; prints CPU seconds by stage.

Usage: python benchmarks/whole_networkx.py FILE

Groups are found by Louvain, as networkx has no Leiden of its own.
"""

import csv
import json
import sys
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path


def main() -> None:
    stages = {}
    at = ["import", time.process_time()]

    def begin(stage: str) -> None:
        now = time.process_time()
        stages[at[0]] = round(stages.get(at[0], 0.0) + now - at[1], 2)
        at[:] = [stage, now]

    import networkx as nx

    begin("read")
    weight, days, tags, count = Counter(), defaultdict(Counter), defaultdict(set), 0
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == row["target"] or not row["source"] or not row["target"]:
                continue
            count += 1
            if row["kind"] == "retweet":
                weight[row["source"], row["target"]] += 1
                days[row["time"][:10]][row["target"]] += 1
            for tag in row["hashtags"].replace(",", " ").split():
                tags[tag].add(row["source"])
    begin("graph")
    graph = nx.DiGraph()
    graph.add_weighted_edges_from((s, t, w) for (s, t), w in weight.items())
    begin("indices")
    strength = sorted((value for _, value in graph.in_degree(weight="weight")), reverse=True)
    total = sum(strength)
    dict(graph.in_degree()), dict(graph.out_degree()), dict(graph.out_degree(weight="weight"))
    indices = {
        **{f"top_{k}_share": sum(strength[:k]) / total for k in (1, 5, 20)},
        "effective_leaders": total**2 / sum(value * value for value in strength),
        "reciprocity": nx.reciprocity(graph),
    }
    begin("PageRank")
    nx.pagerank(graph, weight="weight")
    begin("cores and components")
    undirected = nx.Graph()
    for s, t, data in graph.edges(data=True):
        before = undirected.get_edge_data(s, t, {"weight": 0})["weight"]
        undirected.add_edge(s, t, weight=before + data["weight"])
    nx.core_number(undirected)
    indices["weak_components"] = nx.number_weakly_connected_components(graph)
    indices["strong_components"] = nx.number_strongly_connected_components(graph)
    begin("groups")
    groups = nx.community.louvain_communities(undirected, seed=1)
    indices["modularity"] = nx.community.modularity(undirected, groups)
    of = {account: number for number, members in enumerate(groups) for account in members}
    nx.set_node_attributes(undirected, of, "group")
    indices["assortativity"] = nx.attribute_assortativity_coefficient(undirected, "group")
    inside = sum(data["weight"] for s, t, data in graph.edges(data=True) if of[s] == of[t])
    indices["ei_index"] = (total - 2 * inside) / total
    begin("days and hashtags")
    tops = [{account for account, _ in days[day].most_common(20)} for day in sorted(days)]
    changes = [1 - len(a & b) / len(a | b) for a, b in pairwise(tops)]
    indices["turnover"] = sum(changes) / len(changes)
    sorted(((tag, len(users)) for tag, users in tags.items()), key=lambda item: -item[1])
    begin("end")
    stages.pop("end", None)
    print(json.dumps({"stages": stages, "accounts": len(graph), "interactions": count, **indices}))


if __name__ == "__main__":
    main()
