"""What the methods rest on: every published source once, by a key that never changes."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A publication.

    Attributes
    ----------
    authors
        Family names; the last is ``et al.`` where there are more.
    year, title, venue, volume
        As published; the venue is a journal, or a conference where ``conference``. Empty for a preprint.
    doi
        Without the address of the resolver.
    """

    authors: tuple[str, ...]
    year: int
    title: str
    venue: str
    volume: str
    doi: str
    conference: bool = False

    @property
    def text(self) -> str:
        """The source as one line, without the DOI.

        >>> SOURCES["newman2003"].text
        'Newman (2003), Mixing patterns in networks, Physical Review E 67'
        """
        where = f"{self.venue} {self.volume}".strip()
        return f"{self._names} ({self.year}), {self.title}{', ' if where else ''}{where}"

    @property
    def short(self) -> str:
        """The source as it is named in a text.

        >>> SOURCES["kojaku2018"].short, SOURCES["pacheco2021"].short
        ('Kojaku & Masuda 2018', 'Pacheco et al. 2021')
        """
        many = len(self.authors) > 2 or self.authors[-1] == "et al."
        return f"{self.authors[0]} et al. {self.year}" if many else f"{' & '.join(self.authors)} {self.year}"

    @property
    def _names(self) -> str:
        if self.authors[-1] == "et al.":
            return f"{', '.join(self.authors[:-1])} et al."
        return " & ".join(filter(None, (", ".join(self.authors[:-1]), self.authors[-1])))

    def bibtex(self, key: str) -> str:
        """Return the source as an entry of a BibTeX file."""
        kind = "inproceedings" if self.conference else "article" if self.venue else "misc"
        names = ["others" if name == "et al." else _protected(name) for name in self.authors]
        fields = {
            "author": " and ".join(names),
            "title": "{" + bibtex_text(self.title) + "}",
            "booktitle" if self.conference else "journal": bibtex_text(self.venue),
            "volume": self.volume,
            "year": str(self.year),
            "doi": self.doi,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _protected(name: str) -> str:
    """Keep a family name of several words together; small words before it are no part of it."""
    return f"{{{bibtex_text(name)}}}" if re.search(r"^[A-Z]\S* ", name) else bibtex_text(name)


def bibtex_text(text: str) -> str:
    r"""Return a text with the characters escaped that mean something to BibTeX or LaTeX.

    >>> bibtex_text("Information, Communication & Society")
    'Information, Communication \\& Society'
    """
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\{}&%$#_~^]", lambda found: marks.get(found[0], "\\" + found[0]), text)


_JRSSB = "Journal of the Royal Statistical Society B"
_JASA = "Journal of the American Statistical Association"
_ICS = "Information, Communication & Society"

SOURCES: dict[str, Source] = {
    "ariascastro2014": Source(("Arias-Castro", "Verzelen"), 2014, "Community detection in dense random networks", "Annals of Statistics", "42", "10.1214/14-AOS1208"),
    "avelino2016": Source(("Avelino", "Passos", "Hora", "Valente"), 2016, "A novel approach for estimating truck factors", "ICPC", "", "10.1109/ICPC.2016.7503718", conference=True),
    "bass1969": Source(("Bass",), 1969, "A new product growth model for consumer durables", "Management Science", "15", "10.1287/mnsc.15.5.215"),
    "benjamini1995": Source(("Benjamini", "Hochberg"), 1995, "Controlling the false discovery rate", _JRSSB, "57", "10.1111/j.2517-6161.1995.tb02031.x"),
    "bogerd2021": Source(("Bogerd", "Castro", "van der Hofstad", "Verzelen"), 2021, "Detecting a planted community in an inhomogeneous random graph", "Bernoulli", "27", "10.3150/20-BEJ1269"),
    "borgatti2006": Source(("Borgatti",), 2006, "Identifying sets of key players in a social network", "Computational & Mathematical Organization Theory", "12", "10.1007/s10588-006-7084-x"),
    "church1990": Source(("Church", "Hanks"), 1990, "Word association norms, mutual information, and lexicography", "Computational Linguistics", "16", "10.3115/981623.981633"),
    "clauset2009": Source(("Clauset", "Shalizi", "Newman"), 2009, "Power-law distributions in empirical data", "SIAM Review", "51", "10.1137/070710111"),
    "deverna2024": Source(("DeVerna", "et al."), 2024, "Information diffusion assumptions can distort our understanding of social network dynamics", "", "", "10.48550/arXiv.2410.21554"),
    "garimella2018": Source(("Garimella", "De Francisci Morales", "Gionis", "Mathioudakis"), 2018, "Quantifying controversy on social media", "ACM Transactions on Social Computing", "1", "10.1145/3140565"),
    "gerbaudo2017": Source(("Gerbaudo",), 2017, "Social media teams as digital vanguards", _ICS, "20", "10.1080/1369118X.2016.1161817"),
    "giglietto2020": Source(("Giglietto", "Righetti", "Rossi", "Marino"), 2020, "It takes a village to manipulate the media", _ICS, "23", "10.1080/1369118X.2020.1739732"),
    "goel2016": Source(("Goel", "Anderson", "Hofman", "Watts"), 2016, "The structural virality of online diffusion", "Management Science", "62", "10.1287/mnsc.2015.2158"),
    "goh2008": Source(("Goh", "Barabasi"), 2008, "Burstiness and memory in complex systems", "EPL", "81", "10.1209/0295-5075/81/48002"),
    "gonzalezbailon2014": Source(("González-Bailón", "et al."), 2014, "Assessing the bias in samples of large online networks", "Social Networks", "38", "10.1016/j.socnet.2014.01.004"),
    "greene2010": Source(("Greene", "Doyle", "Cunningham"), 2010, "Tracking the evolution of communities in dynamic social networks", "ASONAM", "", "10.1109/ASONAM.2010.17", conference=True),
    "guerra2013": Source(("Guerra", "Meira", "Cardie", "Kleinberg"), 2013, "A measure of polarization on social media networks based on community boundaries", "ICWSM", "7", "10.1609/icwsm.v7i1.14421", conference=True),
    "kaplan1958": Source(("Kaplan", "Meier"), 1958, "Nonparametric estimation from incomplete observations", _JASA, "53", "10.1080/01621459.1958.10501452"),
    "kim2016": Source(("Kim", "Jo"), 2016, "Measuring burstiness for finite event sequences", "Physical Review E", "94", "10.1103/PhysRevE.94.032311"),
    "kojaku2018": Source(("Kojaku", "Masuda"), 2018, "Core-periphery structure requires something else in the network", "New Journal of Physics", "20", "10.1088/1367-2630/aab547"),
    "krackhardt1988": Source(("Krackhardt", "Stern"), 1988, "Informal networks and organizational crises", "Social Psychology Quarterly", "51", "10.2307/2786835"),
    "lancichinetti2012": Source(("Lancichinetti", "Fortunato"), 2012, "Consensus clustering in complex networks", "Scientific Reports", "2", "10.1038/srep00336"),
    "luo2011": Source(("Luo", "Magee"), 2011, "Detecting evolving patterns of self-organizing networks by flow hierarchy measurement", "Complexity", "16", "10.1002/cplx.20368"),
    "mackay2020": Source(("MacKay", "Johnson", "Sansom"), 2020, "How directed is a directed network?", "Royal Society Open Science", "7", "10.1098/rsos.201138"),
    "mones2012": Source(("Mones", "Vicsek", "Vicsek"), 2012, "Hierarchy measure for complex networks", "PLoS ONE", "7", "10.1371/journal.pone.0033799"),
    "monroe2008": Source(("Monroe", "Colaresi", "Quinn"), 2008, "Fightin' words: lexical feature selection and evaluation for identifying the content of political conflict", "Political Analysis", "16", "10.1093/pan/mpn018"),
    "morales2015": Source(("Morales", "Borondo", "Losada", "Benito"), 2015, "Measuring political polarization: Twitter shows the two sides of Venezuela", "Chaos", "25", "10.1063/1.4913758"),
    "neal2014": Source(("Neal",), 2014, "The backbone of bipartite projections", "Social Networks", "39", "10.1016/j.socnet.2014.06.001"),
    "neal2021": Source(("Neal", "Domagalski", "Sagan"), 2021, "Comparing alternatives to the fixed degree sequence model", "Scientific Reports", "11", "10.1038/s41598-021-03238-3"),
    "newman2003": Source(("Newman",), 2003, "Mixing patterns in networks", "Physical Review E", "67", "10.1103/PhysRevE.67.026126"),
    "pacheco2021": Source(("Pacheco", "et al."), 2021, "Uncovering coordinated networks on social media", "ICWSM", "15", "10.1609/icwsm.v15i1.18075", conference=True),
    "peel2017": Source(("Peel", "Larremore", "Clauset"), 2017, "The ground truth about metadata and community detection in networks", "Science Advances", "3", "10.1126/sciadv.1602548"),
    "phipson2010": Source(("Phipson", "Smyth"), 2010, "Permutation p-values should never be zero", "Statistical Applications in Genetics and Molecular Biology", "9", "10.2202/1544-6115.1585"),
    "rauchfleisch2020": Source(("Rauchfleisch", "Kaiser"), 2020, "The false positive problem of automatic bot detection", "PLoS ONE", "15", "10.1371/journal.pone.0241045"),
    "salloum2022": Source(("Salloum", "Chen", "Kivela"), 2022, "Separating polarization from noise", "Proceedings of the ACM on HCI", "6", "10.1145/3512962"),
    "saracco2015": Source(("Saracco", "Di Clemente", "Gabrielli", "Squartini"), 2015, "Randomizing bipartite networks", "Scientific Reports", "5", "10.1038/srep10595"),
    "shalizi2011": Source(("Shalizi", "Thomas"), 2011, "Homophily and contagion are generically confounded", "Sociological Methods & Research", "40", "10.1177/0049124111404820"),
    "simon1955": Source(("Simon",), 1955, "On a class of skew distribution functions", "Biometrika", "42", "10.1093/biomet/42.3-4.425"),
    "strona2014": Source(("Strona", "Nappo", "Boccacci", "Fattorini", "San-Miguel-Ayanz"), 2014, "A fast and unbiased procedure to randomize ecological binary matrices", "Nature Communications", "5", "10.1038/ncomms5114"),
    "traag2019": Source(("Traag", "Waltman", "van Eck"), 2019, "From Louvain to Leiden", "Scientific Reports", "9", "10.1038/s41598-019-41695-z"),
    "webber2010": Source(("Webber", "Moffat", "Zobel"), 2010, "A similarity measure for indefinite rankings", "ACM Transactions on Information Systems", "28", "10.1145/1852102.1852106"),
    "wilson1927": Source(("Wilson",), 1927, "Probable inference, the law of succession, and statistical inference", _JASA, "22", "10.1080/01621459.1927.10502953"),
}  # fmt: skip


def cited(*keys: str) -> tuple[tuple[str, str], ...]:
    """Return sources as (text, DOI), as a reader sees them."""
    return tuple((SOURCES[key].text, SOURCES[key].doi) for key in keys)
