(function () {
  "use strict";
  var root = document.documentElement;
  var main = document.getElementById("main");
  root.classList.add("ms-js");

  // ---- contents: mark the current place ------------------------------------------------------------------------
  var links = Array.prototype.slice.call(document.querySelectorAll(".ms-nav a"));
  var targets = links.map(function (link) { return document.getElementById(link.hash.slice(1)); });
  var current = -1;

  function mark() {
    var found = 0;
    for (var i = 0; i < targets.length; i++) {
      if (targets[i] && targets[i].getBoundingClientRect().top < 140) { found = i; }
    }
    if (found === current) { return; }
    current = found;
    document.querySelectorAll(".ms-nav li.ms-open").forEach(function (item) { item.classList.remove("ms-open"); });
    links.forEach(function (link, i) {
      if (i === found) { link.setAttribute("aria-current", "location"); } else { link.removeAttribute("aria-current"); }
    });
    for (var item = links[found] && links[found].parentElement; item; item = item.parentElement.closest("li")) {
      item.classList.add("ms-open");
    }
    keepInView(links[found]);
  }

  function keepInView(link) {
    var nav = link && link.closest(".ms-nav");
    if (!nav || nav.scrollHeight <= nav.clientHeight) { return; }
    var box = link.getBoundingClientRect(), frame = nav.getBoundingClientRect();
    if (box.top < frame.top + 40) { nav.scrollTop -= frame.top + 60 - box.top; }
    if (box.bottom > frame.bottom - 40) { nav.scrollTop += box.bottom - frame.bottom + 60; }
  }

  var waiting = false;
  function later() {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () { waiting = false; mark(); });
  }
  if (links.length) {
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", later);
    mark();
  }
  var folded = document.querySelector(".ms-nav details");
  if (folded && window.matchMedia("(max-width: 62rem)").matches) {
    folded.open = false;
    folded.addEventListener("click", function (event) { if (event.target.closest("a")) { folded.open = false; } });
  }

  // ---- regions that scroll sideways can be reached from the keyboard ---------------------------------------------
  function reachable() {
    document.querySelectorAll(".ms-scroll").forEach(function (region) {
      if (region.scrollWidth > region.clientWidth + 1) {
        region.tabIndex = 0;
        if (!region.hasAttribute("role")) {
          region.setAttribute("role", "region");
          var title = region.parentElement.querySelector(".ms-title");
          region.setAttribute("aria-label", title ? title.textContent : "Прокручивается вбок");
        }
      } else { region.removeAttribute("tabindex"); }
    });
  }
  window.addEventListener("resize", reachable);
  document.fonts.ready.then(reachable);
  reachable();

  // ---- sorting ----------------------------------------------------------------------------------------------------
  var order = new Intl.Collator("ru", { numeric: true });
  var printed = new Map();

  function value(row, column) {
    var cell = row.cells[column];
    if (!cell) { return null; }
    if (cell.dataset.sort !== undefined) {
      var exact = Number(cell.dataset.sort);
      return isNaN(exact) ? cell.dataset.sort : exact;
    }
    var text = words(cell).trim();
    var number = meant(text.replace(/[\s\u00a0\u202f]/g, "").replace(/^[−–]/, "-"));
    if (number !== null) { return number; }
    return /^[•…×—]?$/.test(text) ? null : text;
  }

  // the text of a cell without the sign of its tone
  function words(cell) {
    return Array.prototype.map.call(cell.childNodes, function (node) {
      return node.nodeType === 1 && node.matches(".ms-sign, .ms-heard") ? "" : node.textContent;
    }).join("");
  }

  // «12,4 % (9,8–15,6)», «3 из 17» (a share, beside percents), «−0,5 п. п.», 31.12.2026; null for what is no number
  function meant(text) {
    var share = /^(\d+)из(\d+)/.exec(text);
    if (share && Number(share[2])) { return 100 * share[1] / share[2]; }
    var day = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text);
    if (day) { return Number(day[3] + day[2] + day[1]); }
    var number = /^([-+]?\d+(?:[.,]\d+)?)(?:(?:%|‰|п\.п\.).*|\(.*\))?$/.exec(text);
    return number ? Number(number[1].replace(",", ".")) : null;
  }

  function compare(a, b) {
    if (a === null || b === null) { return (a === null) - (b === null); }
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return order.compare(String(a), String(b));
  }

  // the first press sorts up, the second down, the third gives back the printed order
  function sort(head, column) {
    var next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")];
    if (next === undefined) { next = "ascending"; }
    var body = head.closest("table").tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    rows.sort(function (x, y) {
      if (!next) { return printed.get(x) - printed.get(y); }
      var a = value(x, column), b = value(y, column);
      return a === null || b === null || next === "ascending" ? compare(a, b) : compare(b, a);
    });
    rows.forEach(function (row) { body.appendChild(row); });
    Array.prototype.forEach.call(head.parentElement.cells, function (cell) { cell.removeAttribute("aria-sort"); });
    if (next) { head.setAttribute("aria-sort", next); }
  }

  document.querySelectorAll("main table").forEach(function (table) {
    if (!table.tHead || table.tHead.rows.length !== 1 || !table.tBodies[0] || table.tBodies[0].rows.length < 3) { return; }
    if (table.querySelector("[colspan],[rowspan]")) { return; }
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row, place) { printed.set(row, place); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.title = "Упорядочить по столбцу";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      if (!button.textContent.trim()) { button.setAttribute("aria-label", "Упорядочить по столбцу " + (column + 1)); }
      head.appendChild(button);
      button.addEventListener("click", function () { sort(head, column); });
    });
  });

  // ---- a field that narrows a long list ------------------------------------------------------------------------------
  document.querySelectorAll("ul[data-filter]").forEach(function (list, number) {
    var box = document.createElement("p"), label = document.createElement("label");
    var input = document.createElement("input"), count = document.createElement("output");
    box.className = "ms-filter";
    input.type = "search";
    input.id = "ms-filter-" + number;
    label.htmlFor = input.id;
    label.textContent = list.dataset.filter;
    count.setAttribute("aria-live", "polite");
    [label, input, count].forEach(function (part) { box.appendChild(part); });
    list.parentNode.insertBefore(box, list);
    input.addEventListener("input", function () {
      var words = plainText(input.value.trim()), shown = 0;
      Array.prototype.forEach.call(list.children, function (item) {
        item.hidden = plainText(item.textContent).indexOf(words) < 0;
        shown += item.hidden ? 0 : 1;
      });
      count.textContent = words ? "Показано: " + shown + " из " + list.children.length : "";
    });
  });

  // ---- search -----------------------------------------------------------------------------------------------------
  var form = document.querySelector(".ms-search");
  var query = document.getElementById("ms-query");
  var found = document.getElementById("ms-found");
  var hits = [], here = -1, asked = "";
  form.hidden = false;

  function plainText(text) { return text.toLowerCase().replace(/ё/g, "е").replace(/[\u00a0\u202f]/g, " "); }

  function clear() {
    hits.forEach(function (hit) {
      var parent = hit.parentNode;
      parent.replaceChild(document.createTextNode(hit.textContent), hit);
      parent.normalize();
    });
    hits = []; here = -1;
  }

  function collect(words) {
    var walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, {
      acceptNode: function (node) {
        return node.parentElement.closest("svg, script, style, math") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
      }
    });
    var nodes = [];
    while (walker.nextNode()) { nodes.push(walker.currentNode); }
    nodes.forEach(function (node) { wrap(node, words); });
  }

  function wrap(node, words) {
    var at = plainText(node.data).indexOf(words);
    while (at >= 0) {
      var rest = node.splitText(at);
      node = rest.splitText(words.length);
      var hit = document.createElement("mark");
      rest.parentNode.replaceChild(hit, rest);
      hit.appendChild(rest);
      hits.push(hit);
      at = plainText(node.data).indexOf(words);
    }
  }

  function go(step) {
    if (!hits.length) { return; }
    if (here >= 0) { hits[here].classList.remove("ms-here"); }
    here = (here + step + hits.length) % hits.length;
    var hit = hits[here];
    hit.classList.add("ms-here");
    var closed = hit.closest("details:not([open])");
    if (closed) { closed.open = true; }
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    hit.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    found.textContent = (here + 1) + " из " + hits.length;
  }

  function ask(step) {
    var words = plainText(query.value.trim());
    if (words === asked && hits.length) { go(step); return; }
    clear();
    asked = words;
    found.textContent = "";
    if (!words) { return; }
    collect(words);
    if (hits.length) { go(1); } else { found.textContent = "Не найдено"; }
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); ask(1); });
  document.getElementById("ms-next").addEventListener("click", function () { ask(1); });
  document.getElementById("ms-previous").addEventListener("click", function () { ask(-1); });
  query.addEventListener("input", function () { if (!query.value) { clear(); asked = ""; found.textContent = ""; } });
  query.addEventListener("keydown", function (event) { if (event.key === "Escape") { query.value = ""; clear(); found.textContent = ""; } });
})();
