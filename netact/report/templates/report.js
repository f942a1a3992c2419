"use strict";
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var config = {
    responsive: true,
    displaylogo: false,
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { format: "svg", scale: 2 },
  };
  function ink() {
    return dark.matches ? "#e8eaee" : "#1d2129";
  }
  function plots() {
    return Array.prototype.slice.call(document.querySelectorAll(".plot"));
  }
  function paint(layout, data) {
    layout.font = Object.assign({}, layout.font, { color: ink() });
    layout.hoverlabel = Object.assign({}, layout.hoverlabel, {
      bgcolor: dark.matches ? "#2a2f38" : "#ffffff",
      bordercolor: dark.matches ? "#59616e" : "#b8bec8",
    });
    layout.hoverlabel.font = Object.assign({}, layout.hoverlabel.font, { color: ink() });
    (layout.annotations || []).forEach(function (label) {
      if (label.bgcolor) {
        label.bgcolor = dark.matches ? "rgba(22,25,30,0.72)" : "rgba(253,253,251,0.72)";
      }
    });
    data.forEach(function (trace) {
      if (trace.meta === "ink") {
        trace.marker.color = ink();
        trace.marker.line = Object.assign({}, trace.marker.line, { color: ink() });
      }
    });
  }
  function fit(layout) {
    // Legends need more room on narrow screens; tick labels less.
    if (window.innerWidth < 600) {
      layout.font = Object.assign({}, layout.font, { size: 11 });
      layout.height = Math.min(layout.height, 520);
    }
  }
  function draw(plot) {
    var figure = JSON.parse(document.getElementById(plot.dataset.figure).textContent);
    paint(figure.layout, figure.data);
    fit(figure.layout);
    plot.style.minHeight = figure.layout.height + "px";
    return window.Plotly.newPlot(plot, figure.data, figure.layout, config);
  }
  function next(rest) {
    if (!rest.length) {
      document.documentElement.dataset.drawn = "yes";
      return;
    }
    draw(rest[0]).then(function () {
      window.setTimeout(next, 0, rest.slice(1));
    });
  }
  dark.addEventListener("change", function () {
    plots().forEach(function (plot) {
      paint(plot.layout, plot.data);
      window.Plotly.react(plot, plot.data, plot.layout, config);
    });
  });
  // What is drawn while it is folded away has no width yet.
  Array.prototype.forEach.call(document.querySelectorAll("details.doubts"), function (folded) {
    folded.addEventListener("toggle", function () {
      Array.prototype.forEach.call(folded.querySelectorAll(".js-plotly-plot"), function (plot) {
        window.Plotly.Plots.resize(plot);
      });
    });
  });
  next(plots());
})();
