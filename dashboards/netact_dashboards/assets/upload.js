"use strict";
/* Uploads: the file input, the way of the bytes to the server, what this browser remembers. The server is asked by
   addresses that need the header X-Netact, which no other site can send. */
(function () {
  var REMEMBERED = "netact_uploads";
  var COLUMNS_AGAIN = ["delimiter", "encoding", "header", "sheet"];
  var COLUMN_ROLES = ["source", "target", "kind_column", "weight", "time", "post_id", "platform", "hashtags"];
  var moving = []; // files under way and refused ones, outside of what the server renders

  // ---- small things
  function element(name, attributes, children) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      if (key === "text") {
        made.textContent = attributes[key];
      } else if (attributes[key] !== null && attributes[key] !== undefined) {
        made.setAttribute(key, attributes[key]);
      }
    });
    (children || []).forEach(function (child) {
      made.appendChild(child);
    });
    return made;
  }
  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? values[name] : whole;
    });
  }
  function number(value, digits) {
    var language = document.documentElement.lang || "en";
    return new Intl.NumberFormat(language, { maximumFractionDigits: digits, numberingSystem: "latn" }).format(value);
  }
  function bytes(size) {
    if (size >= 1e9) return number(size / 1e9, 2) + "\u00a0GB";
    if (size >= 1e6) return number(size / 1e6, 1) + "\u00a0MB";
    return number(Math.max(1, size / 1e3), 0) + "\u00a0kB";
  }
  var announce = window.netact.announce;
  function texts() {
    return JSON.parse(document.getElementById("upload-drop").dataset.texts);
  }
  // The name stands as text, but a right-to-left character in it must not turn the sentence around.
  function isolated(name) {
    var clean = name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
    return "\u2068" + (clean.length > 60 ? clean.slice(0, 59) + "…" : clean) + "\u2069";
  }
  function job() {
    return new URLSearchParams(window.location.search).get("job");
  }
  function refresh(key) {
    window.dash_clientside.set_props("upload-job", { data: { job: key, stamp: Date.now() + Math.random() } });
  }

  // ---- what this browser remembers
  function remembered() {
    try {
      var kept = JSON.parse(window.localStorage.getItem(REMEMBERED) || "[]");
      return Array.isArray(kept) ? kept.filter(function (item) { return item && /^[A-Za-z0-9_-]{8,80}$/.test(item.job); }) : [];
    } catch (_error) {
      return [];
    }
  }
  function remember(key, title, state) {
    try {
      var kept = remembered();
      var old = kept.find(function (item) { return item.job === key; }) || {};
      kept = kept.filter(function (item) { return item.job !== key; });
      kept.unshift({ job: key, title: title || old.title || "", state: state || old.state || "draft" });
      window.localStorage.setItem(REMEMBERED, JSON.stringify(kept.slice(0, 50)));
    } catch (_error) {
      /* a browser that remembers nothing still uploads */
    }
  }
  function forget(key) {
    try {
      window.localStorage.setItem(REMEMBERED, JSON.stringify(remembered().filter(function (item) { return item.job !== key; })));
    } catch (_error) {
      /* nothing was kept */
    }
  }
  function listMine(place) {
    var kept = remembered();
    var section = document.getElementById("mine-section");
    place.dataset.mounted = "yes";
    section.hidden = !kept.length;
    var list = element("ul", { class: "mine" });
    place.replaceChildren(list);
    kept.forEach(function (item) {
      var link = element("a", {});
      var state = element("span", { class: "mine-state" });
      var row = element("li", {}, [link, state]);
      function show(title, now) {
        link.textContent = title || place.dataset.untitled;
        link.dir = "auto";
        link.href = now === "done" ? "/report/" + item.job + "/overview" : now === "draft" ? "/upload?job=" + item.job : "/job/" + item.job;
        state.textContent = place.dataset[now] || "";
        row.dataset.state = now;
      }
      show(item.title, item.state);
      list.appendChild(row);
      fetch("/api/jobs/" + item.job).then(function (answer) {
        if (answer.status === 404) {
          forget(item.job);
          row.remove();
          section.hidden = !remembered().length;
        } else if (answer.ok) {
          answer.json().then(function (now) {
            var title = now.title || (now.files[0] && now.files[0].name) || item.title;
            show(title, now.state);
            item.title = title;
            remember(item.job, title, now.state);
          });
        }
      }).catch(function () { /* shown as remembered */ });
    });
  }

  // ---- the files
  function roleOf(name) {
    var stem = name.toLowerCase();
    var taken = Array.from(document.querySelectorAll("[data-role-of]")).map(function (select) { return select.value; });
    // A list of followed accounts holds ties, whatever its name says of accounts.
    var guess = /follow|friends/.test(stem) ? "interactions" : /admin|moderator|owner/.test(stem) ? "admins" : /account|users|profile|nodes/.test(stem) ? "accounts" : /people|persons|bots/.test(stem) ? "people" : "interactions";
    // A second table of the same role would take the place of the first.
    return taken.concat(moving.map(function (item) { return item.role; })).indexOf(guess) >= 0 ? "interactions" : guess;
  }
  function drawMoving() {
    var place = document.getElementById("upload-moving");
    if (place) {
      place.replaceChildren.apply(place, moving.map(function (item) { return item.row; }));
    }
  }
  function drop(item) {
    moving = moving.filter(function (other) { return other !== item; });
    drawMoving();
  }
  function refuse(name, sentence) {
    var said = texts();
    var item = { refused: true };
    var button = element("button", { type: "button", class: "quiet", text: said.dismiss });
    button.addEventListener("click", function () {
      drop(item);
      focusInput();
    });
    item.row = element("div", { class: "moving refused", role: "alert" }, [element("p", { class: "went-wrong", text: fill(sentence, { name: isolated(name) }), dir: "auto" }), button]);
    moving.push(item);
    drawMoving();
  }
  function focusInput() {
    var input = document.getElementById("upload-input");
    if (input) {
      input.focus();
    }
  }
  var queue = [];
  var sending = false;
  function take(files) {
    var drop_zone = document.getElementById("upload-drop");
    var limit = Number(drop_zone.dataset.limit);
    var said = texts();
    moving = moving.filter(function (item) { return !item.refused; });
    Array.from(files).forEach(function (file) {
      if (file.size > limit) {
        refuse(file.name, fill(said.toolarge, { limit: bytes(limit) }));
      } else if (file.size === 0) {
        refuse(file.name, said.empty);
      } else {
        queue.push(waitingRow(file));
      }
    });
    drawMoving();
    next();
  }
  function waitingRow(file) {
    var said = texts();
    var name = isolated(file.name);
    var item = { file: file, role: roleOf(file.name) };
    item.bar = element("progress", { max: "100", value: "0", "aria-label": file.name.slice(0, 80) });
    item.said = element("span", { class: "file-size", text: bytes(file.size) });
    var cancel = element("button", { type: "button", class: "quiet", text: said.cancel, "aria-label": fill(said.cancelfile, { name: name }) });
    cancel.addEventListener("click", function () {
      item.cancelled = true;
      if (item.request) {
        item.request.abort();
      } else {
        queue = queue.filter(function (other) { return other !== item; });
        drop(item);
      }
      announce(fill(said.stopped, { name: name }));
      focusInput();
    });
    item.row = element("div", { class: "moving" }, [element("div", { class: "file-what" }, [element("span", { class: "file-name", text: name, dir: "auto" }), item.said]), item.bar, cancel]);
    moving.push(item);
    return item;
  }
  function next() {
    if (sending || !queue.length) {
      return;
    }
    sending = true;
    var item = queue.shift();
    var said = texts();
    var request = new XMLHttpRequest();
    var began = performance.now();
    item.request = request;
    request.open("POST", "/api/uploads");
    request.setRequestHeader("X-Netact", "1");
    request.setRequestHeader("X-Netact-Name", encodeURIComponent(item.file.name));
    request.setRequestHeader("X-Netact-Role", item.role);
    if (job()) {
      request.setRequestHeader("X-Netact-Job", job());
    }
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", function (event) {
      var seconds = (performance.now() - began) / 1000;
      var share = event.total ? event.loaded / event.total : 0;
      item.bar.value = Math.round(share * 100);
      var parts = [fill(said.progress, { done: bytes(event.loaded), size: bytes(event.total) })];
      if (seconds > 0.7) {
        parts.push(fill(said.speed, { speed: bytes(event.loaded / seconds) }));
      }
      item.said.textContent = share === 1 ? said.storing : parts.join(", ");
    });
    request.addEventListener("load", function () {
      var answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch (_error) {
        /* not from this server's own hand; told as a broken connection */
      }
      if (request.status === 201) {
        if (!job() || job() !== answer.job) {
          window.history.replaceState(window.history.state, "", "/upload?job=" + encodeURIComponent(answer.job));
        }
        remember(answer.job, answer.name, "draft");
        announce(fill(said.arrived, { name: isolated(item.file.name) }));
        refresh(answer.job);
      } else if (answer.error) {
        refuse(item.file.name, isolated(item.file.name) + ": " + answer.error);
      } else {
        refuse(item.file.name, said.lost);
      }
    });
    request.addEventListener("error", function () {
      refuse(item.file.name, said.lost);
    });
    request.addEventListener("loadend", function () {
      sending = false;
      drop(item);
      next();
    });
    request.send(item.file);
  }
  function mountInput(place) {
    var input = element("input", { type: "file", id: "upload-input", multiple: "", class: "unseen", "aria-describedby": place.dataset.described });
    input.addEventListener("change", function () {
      take(input.files);
      input.value = "";
    });
    place.appendChild(input);
    drawMoving();
  }
  function carriesFiles(event) {
    return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0;
  }
  // A file dropped beside the zone must not make the browser leave the page.
  ["dragover", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = document.getElementById("upload-drop");
      if (!zone || !carriesFiles(event)) {
        return;
      }
      event.preventDefault();
      var over = zone.contains(event.target);
      zone.classList.toggle("over", kind === "dragover" && over);
      if (kind === "drop" && over) {
        take(event.dataTransfer.files);
      }
    });
  });
  document.addEventListener("dragleave", function (event) {
    var zone = document.getElementById("upload-drop");
    if (zone && !zone.contains(event.relatedTarget)) {
      zone.classList.remove("over");
    }
  });

  // ---- how a file is read: what is chosen goes to the server after a moment
  var timers = {};
  function ask(block, change) {
    var found = block.querySelector("[data-asked]");
    var asked = found ? JSON.parse(found.dataset.asked) : {};
    Object.keys(change).forEach(function (name) {
      if (change[name] === "" || change[name] === null) {
        delete asked[name];
      } else {
        asked[name] = change[name];
      }
      if (COLUMNS_AGAIN.indexOf(name) >= 0) {
        COLUMN_ROLES.forEach(function (role) { delete asked[role]; });
      }
    });
    if (found) {
      found.dataset.asked = JSON.stringify(asked);
    }
    var file = Number(block.dataset.reading);
    block.classList.add("busy");
    window.clearTimeout(timers[file]);
    timers[file] = window.setTimeout(function () {
      window.dash_clientside.set_props({ type: "asked", file: file }, { data: asked });
    }, 350);
  }
  document.addEventListener("change", function (event) {
    var target = event.target;
    if (target.dataset && target.dataset.roleOf) {
      window.dash_clientside.set_props("upload-role", { data: { file: Number(target.dataset.roleOf), role: target.value, stamp: Date.now() } });
      return;
    }
    var block = target.closest && target.closest("[data-reading]");
    if (!block) {
      return;
    }
    var text = target.closest("[data-text-option]");
    var change = {};
    if (text) {
      change[text.dataset.textOption] = target.value.trim();
    } else if (target.dataset.option) {
      var name = target.dataset.option;
      change[name] = name === "header" || name === "directed" ? (target.value === "" ? "" : target.value === "yes") : target.value;
      if (name === "directed" && change[name]) {
        change[name] = ""; // ties have a direction unless told otherwise
      }
      if (target.dataset.column && target.value) {
        // A column plays one part: the one that had it takes what is given up here.
        var before = target.dataset.shown || "";
        block.querySelectorAll("[data-column]").forEach(function (other) {
          if (other !== target && other.value === target.value) {
            other.value = before;
            other.dataset.shown = before;
            change[other.dataset.option] = other.value;
          }
        });
      }
      target.dataset.shown = target.value;
    } else {
      return;
    }
    ask(block, change);
  });

  // ---- what is typed under Start stays with its draft, in this tab
  var FIELDS = { "upload-title": "title", "upload-seed": "seed" };
  function keepStart() {
    var depth = document.querySelector("#step-start input[type=radio]:checked");
    var kept = { depth: depth ? depth.value : "full" };
    Object.keys(FIELDS).forEach(function (id) {
      kept[FIELDS[id]] = document.getElementById(id).value;
    });
    try {
      window.sessionStorage.setItem("netact_draft_" + job(), JSON.stringify(kept));
    } catch (_error) {
      /* not kept, then */
    }
  }
  function restoreStart() {
    var kept = null;
    try {
      kept = JSON.parse(window.sessionStorage.getItem("netact_draft_" + job()));
    } catch (_error) {
      return;
    }
    if (kept && job()) {
      window.dash_clientside.set_props("upload-title", { value: String(kept.title) });
      if (/^[0-9]{1,10}$/.test(kept.seed)) {
        window.dash_clientside.set_props("upload-seed", { value: Number(kept.seed) });
      }
      window.dash_clientside.set_props("upload-depth", { value: kept.depth === "quick" ? "quick" : "full" });
    }
  }
  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.target.closest && event.target.closest("#step-start")) {
        keepStart();
      }
    });
  });

  // ---- buttons
  function send(button) {
    var key = job() || "";
    var address = button.dataset.ask.replace("{job}", encodeURIComponent(key));
    button.disabled = true;
    return fetch(address, { method: button.dataset.method, headers: { "X-Netact": "1" } }).then(function (answer) {
      button.disabled = false;
      if (!answer.ok && answer.status !== 404) {
        return answer.json().then(function (said) {
          var place = button.closest("dialog") && button.closest("dialog").querySelector("[data-refused]");
          if (place) {
            place.hidden = false;
            place.textContent = said.error || "";
          }
          announce(said.error || "");
        });
      }
      if (button.dataset.forget) {
        forget(button.dataset.forget.replace("{job}", key));
      }
      if (button.dataset.refreshes) {
        refresh(key);
        focusInput();
      }
      if (button.dataset.then) {
        window.location.assign(button.dataset.then);
      }
      return null;
    }).catch(function () {
      button.disabled = false;
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.dataset.opens) {
      document.getElementById(button.dataset.opens).showModal();
    } else if (button.dataset.closes) {
      document.getElementById(button.dataset.closes).close();
    } else if (button.dataset.turns) {
      ask(button.closest("[data-reading]"), { reverse: button.dataset.turns === "yes" ? true : "" });
      button.dataset.turns = button.dataset.turns === "yes" ? "no" : "yes";
    } else if (button.dataset.ask) {
      send(button);
    }
  });

  // ---- the server renders the page; what only the browser can do is added when its place appears
  var focused = null;
  var asking = null;
  document.addEventListener("focusin", function (event) {
    var id = event.target.id;
    asking = event.target.closest("#job-body [data-ask]") ? event.target.dataset.ask : null;
    focused = id && /^option-\d+-/.test(id) ? id : event.target.dataset.turns ? "turn " + event.target.closest("[data-reading]").dataset.reading : null;
  });
  function look(records) {
    var place = document.getElementById("upload-place");
    if (place && !place.firstChild) {
      moving = [];
      mountInput(place);
      window.setTimeout(restoreStart, 0);
    }
    var mine = document.getElementById("mine");
    if (mine && !mine.dataset.mounted) {
      listMine(mine);
    }
    var kept = document.querySelector("[data-remembers]");
    if (kept && kept.dataset.noted !== kept.dataset.state) {
      kept.dataset.noted = kept.dataset.state;
      remember(kept.dataset.remembers, kept.dataset.title, kept.dataset.state);
    }
    // The page of a job is made anew at every stage: whoever stood on a button still does.
    if (asking && document.activeElement === document.body) {
      var button = document.querySelector('#job-body [data-ask="' + asking + '"]');
      if (button) {
        button.focus();
      }
    }
    records.forEach(function (record) {
      var block = record.target.closest && record.target.closest("[data-reading]");
      if (block && record.addedNodes.length) {
        block.classList.remove("busy");
        // Whoever was choosing goes on where they were.
        if (focused && document.activeElement === document.body) {
          var again = focused.slice(0, 5) === "turn " ? document.querySelector('[data-reading="' + focused.slice(5) + '"] [data-turns]') : document.getElementById(focused);
          if (again) {
            again.focus();
          }
        }
      }
    });
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
