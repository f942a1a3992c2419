// Prints what the parsers of Gephi Lite find in graph files, as JSON. Options as in Gephi Lite.
import { readFileSync } from "node:fs";
import Graph from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";

const readers = {
  gexf: (text) => gexf.parse(Graph, text, { allowUndeclaredAttributes: true, addMissingNodes: true }),
  graphml: (text) => graphml.parse(Graph, text, { addMissingNodes: true }),
  json: (text) => Graph.from(JSON.parse(text)),
};
const found = process.argv.slice(2).map((path) => {
  const graph = readers[path.split(".").pop()](readFileSync(path, "utf8"));
  return {
    type: graph.type,
    nodes: graph.mapNodes((key, attributes) => [key, attributes]),
    edges: graph.mapEdges((_, attributes, source, target) => [source, target, attributes.weight]),
  };
});
process.stdout.write(JSON.stringify(found));
