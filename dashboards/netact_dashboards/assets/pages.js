"use strict";
/* The pages of the questions: choices kept in the address, the search in the table of accounts, names of groups. */
(function () {
  var say = window.netact.announce;
  // The address keeps a choice without the page being made again.
  function keep(choices) {
    var address = new URL(window.location.href);
    Object.keys(choices).forEach(function (name) {
      if (choices[name] === null || choices[name] === undefined) {
        address.searchParams.delete(name);
      } else {
        address.searchParams.set(name, choices[name]);
      }
    });
    if (address.href !== window.location.href) {
      window.history.replaceState(window.history.state, "", address.href);
    }
  }
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.netact = Object.assign({}, window.dash_clientside.netact, {
    keepInAddress: function (choices) {
      if (choices) {
        keep(choices);
      }
    },
    keepChoice: function (account, windows) {
      // At the first call the address is where the choice comes from.
      if (window.dash_clientside.callback_context.triggered.length) {
        keep({ account: account === undefined ? null : account, windows: windows ? windows.join("-") : null });
      }
    },
    searchAccounts: function (text, options) {
      return Object.assign({}, options, { quickFilterText: text || "" });
    },
  });

  // ---- names of groups
  function form(button) {
    return button.closest("li").querySelector(".renaming");
  }
  function open(button, shown) {
    var place = form(button);
    var opener = button.closest("li").querySelector(".rename");
    place.hidden = !shown;
    opener.setAttribute("aria-expanded", shown ? "true" : "false");
    place.querySelector(".fault").textContent = "";
    if (shown) {
      place.querySelector("input").focus();
      place.querySelector("input").select();
    } else {
      opener.focus();
    }
  }
  function save(button) {
    var place = form(button);
    var faction = Number(place.dataset.faction);
    place.setAttribute("aria-busy", "true");
    fetch("/api/reports/" + encodeURIComponent(place.dataset.report) + "/groups", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Netact": "1" },
      body: JSON.stringify({ faction: faction, name: place.querySelector("input").value }),
    })
      .then(function (answer) {
        if (!answer.ok) {
          return answer
            .json()
            .catch(function () {
              return {};
            })
            .then(function (told) {
              throw new Error(told.error || place.dataset.failed);
            });
        }
        say(place.dataset.kept);
        // Every name on the page is made again by the server.
        window.dash_clientside.set_props("look", { data: String(Date.now()) });
      })
      .catch(function (fault) {
        place.querySelector(".fault").textContent = fault instanceof TypeError ? place.dataset.failed : fault.message;
      })
      .finally(function () {
        place.removeAttribute("aria-busy");
      });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.classList.contains("rename")) {
      open(button, form(button).hidden);
    } else if (button.closest(".renaming")) {
      if (button.classList.contains("save")) {
        save(button);
      } else if (button.classList.contains("cancel")) {
        open(button, false);
      }
    } else if (button.dataset.save) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([button.dataset.save], { type: "text/csv" }));
      link.download = button.dataset.saveName;
      link.click();
      URL.revokeObjectURL(link.href);
    } else if (button.dataset.copyExactly && navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(button.dataset.copyExactly).then(function () {
        button.dataset.done = "yes";
        say(button.dataset.copied || "");
      });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (!event.target.closest || !event.target.closest(".renaming input")) {
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      save(event.target);
    } else if (event.key === "Escape") {
      open(event.target, false);
    }
  });
})();
