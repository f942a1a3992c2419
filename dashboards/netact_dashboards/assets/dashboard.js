"use strict";
/* What the browser does by itself: the look, the menu, copying, pictures. Nothing here asks anything of another host. */
(function () {
  function cookie(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=31536000; SameSite=Strict";
  }
  function cookies() {
    return Object.fromEntries(
      document.cookie.split("; ").filter(Boolean).map(function (pair) {
        return pair.split("=");
      }),
    );
  }
  // The server draws figures for a dark or a light page, so it is told before the first page is asked for.
  if (!("netact_dark" in cookies())) {
    cookie("netact_dark", window.matchMedia("(prefers-color-scheme: dark)").matches ? "1" : "0");
  }
  function announce(text) {
    var place = document.getElementById("announce");
    if (place) {
      place.textContent = "";
      window.setTimeout(function () {
        place.textContent = text;
      }, 50);
    }
  }
  // For the scripts that come after this one.
  window.netact = { announce: announce };
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }
  function picture(button) {
    var plot = document.querySelector("#" + CSS.escape(button.dataset.graph) + " .js-plotly-plot");
    var figure = button.closest("figure");
    if (!plot || !figure) {
      return;
    }
    // Title and source belong to a picture that travels alone.
    var escape = function (text) {
      return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    };
    var title = escape(figure.querySelector("h3").textContent);
    var layout = JSON.parse(JSON.stringify(plot.layout));
    var dark = document.documentElement.dataset.mantineColorScheme === "dark";
    var width = Math.max(700, plot.clientWidth);
    // The library breaks no lines: a long title would be cut at the edge.
    var lines = [""];
    title.split(" ").forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length > width / 9.5) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = last ? last + " " + word : word;
      }
    });
    var more = 22 * (lines.length - 1);
    layout.paper_bgcolor = dark ? "#16191e" : "#fdfdfb";
    layout.title = { text: lines.join("<br>"), x: 0.01, xanchor: "left", y: 0.985, yanchor: "top", font: { size: 17 } };
    layout.margin = Object.assign({}, layout.margin, { t: (layout.margin.t || 0) + 62 + more, b: (layout.margin.b || 0) + 46 });
    layout.annotations = (layout.annotations || []).concat([
      { text: escape(button.dataset.source), xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "bottom", yshift: -(layout.margin.b + 30), showarrow: false, font: { size: 10 } },
    ]);
    layout.width = width;
    layout.height = (plot.clientHeight || 450) + 108 + more;
    window.Plotly.downloadImage(
      { data: plot.data, layout: layout, config: { staticPlot: true } },
      { format: button.dataset.picture, width: width, height: layout.height, scale: button.dataset.picture === "png" ? 2 : 1, filename: "netact-" + button.dataset.graph.replace(/^graph-/, "") },
    );
  }
  // The numbers of a figure become a table when they are asked for. Names are put in as text.
  function table(place) {
    var given = JSON.parse(place.dataset.table);
    var element = function (name, parent, text) {
      var made = document.createElement(name);
      if (text !== undefined) {
        made.textContent = text;
        made.dir = "auto";
      }
      parent.appendChild(made);
      return made;
    };
    place.replaceChildren();
    var scroll = element("div", place);
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", given.label);
    var made = element("table", scroll);
    var head = element("tr", element("thead", made));
    given.columns.forEach(function (name) {
      element("th", head, name).scope = "col";
    });
    var body = element("tbody", made);
    given.rows.forEach(function (cells) {
      var row = element("tr", body);
      cells.forEach(function (cell) {
        element("td", row, cell);
      });
    });
    if (given.more) {
      element("p", place, given.more).className = "note";
    }
  }
  function open_tables(root) {
    root.querySelectorAll("details[open] > [data-table]").forEach(table);
  }
  document.addEventListener(
    "toggle",
    function (event) {
      if (event.target.open) {
        event.target.querySelectorAll(":scope > [data-table]").forEach(table);
      }
    },
    true,
  );
  new MutationObserver(function (changes) {
    if (changes.length) {
      open_tables(document);
    }
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-table"] });
  // A page has come: its title, its place in the menu, and the menu closed again where it covers the page.
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.netact = Object.assign({}, window.dash_clientside.netact, {
    arrived: function (title) {
      if (title) {
        if (document.title !== title && document.title !== "netact") {
          announce(title);
        }
        document.title = title;
      }
      window.setTimeout(function () {
        document.querySelectorAll("#menu a").forEach(function (link) {
          if (link.classList.contains("here")) {
            link.setAttribute("aria-current", "page");
          } else {
            link.removeAttribute("aria-current");
          }
        });
        document.getElementById("menu").classList.remove("open");
      }, 0);
      return window.dash_clientside.no_update;
    },
    // Every text comes from the server, so another language is another page.
    speak: function (code) {
      if (code && code !== document.documentElement.lang) {
        cookie("netact_language", code);
        var address = new URL(window.location.href);
        address.searchParams.delete("lang");
        window.location.replace(address.href);
      }
      return window.dash_clientside.no_update;
    },
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button, a");
    if (!button) {
      return;
    }
    if (button.dataset.copy) {
      copy(button.dataset.copy + "\n" + window.location.href).then(function () {
        button.dataset.done = "yes";
        announce(button.dataset.copied || "");
      });
    } else if (button.dataset.picture) {
      picture(button);
    } else if (button.dataset.followsAddress) {
      button.search = window.location.search;
    } else if (button.id === "theme-button") {
      cookie("netact_dark", cookies().netact_dark === "1" ? "0" : "1");
      window.location.reload();
    } else if (button.id === "menu-button") {
      document.getElementById("menu").classList.toggle("open");
    }
  });
})();
