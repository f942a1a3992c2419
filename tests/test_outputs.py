import pytest

from netact.errors import StudyError
from netact.outputs import Outputs


def test_plain_values_and_back():
    chosen = Outputs(tables=("parquet", "csv"), graphs=(), most_graph_ties=7, figures=("pdf",), methods=False)
    assert chosen.tables == ("csv", "parquet")
    assert Outputs.from_dict(chosen.to_dict()) == chosen
    assert Outputs.from_dict({}) == Outputs()
    assert Outputs.from_dict({"figures": ["pdf", "svg"]}).figures == ("svg", "pdf")


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (
            {"tables": ["csv", "xls"]},
            "outputs.tables: unknown format 'xls'; use any of csv, xlsx, parquet, latex, markdown",
        ),
        ({"tables": "csv"}, "outputs.tables: must be a list of formats; found 'csv'; use any of"),
        ({"graphs": ["gexf", "gexf"]}, "outputs.graphs: 'gexf' is named twice; leave one out"),
        ({"graphs": [["gexf"]]}, "outputs.graphs: unknown format ['gexf']"),
        ({"figures": [1]}, "outputs.figures: unknown format 1; use any of svg, png, pdf"),
        ({"most_graph_ties": True}, "outputs.most_graph_ties: must be a whole number, 0 or more; found True"),
        ({"methods": "yes"}, "outputs.methods: must be true or false; found 'yes'"),
        ({"pictures": []}, "outputs: unknown entry 'pictures'; use tables, graphs, most_graph_ties, figures, methods"),
    ],
)
def test_what_cannot_be_asked_for(values, line):
    with pytest.raises(StudyError) as error:
        Outputs.from_dict(values)
    assert str(error.value).startswith(line)
