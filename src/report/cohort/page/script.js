"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const matrix = document.getElementById("matrix");
  const body = matrix.tBodies[0];
  const rows = [...body.rows];
  const dialog = document.getElementById("verdict");
  const title = document.getElementById("verdict-title");
  const inside = document.getElementById("verdict-body");
  const words = {};
  for (const span of document.querySelectorAll(".legend span")) {
    const sign = span.firstElementChild;
    words[sign.className] ??= span.textContent.slice(sign.textContent.length).trim();
  }

  // Only text is ever put into the page, never markup.
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");

  const claimed = (cell, refuted) => {
    const [, state, attempts, hints, gaveUp, ofThisText, at] = cell;
    let text = "The progress file says " + state + (at ? " since " + at : "") + ": " + count(attempts, "attempt") + ", "
      + count(hints, "hint") + (gaveUp ? ", the solution was shown" : "") + ".";
    if (refuted) {
      text += ofThisText
        ? " It claims so for this very text, and re-grading refutes it."
        : " It was another text then; this one does not pass.";
    }
    return element("p", text);
  };

  const open = (td) => {
    const row = td.parentElement;
    const learner = data.learners[row.dataset.at];
    const number = td.cellIndex - 2;
    const cell = learner.cells[number];
    if (cell === undefined) return;
    const parts = Array.isArray(cell) ? cell : [cell];
    const [exercise, chapter] = data.exercises[number];
    title.textContent = learner.name + " · " + exercise;
    inside.replaceChildren(element("p", words[td.className] + " — " + chapter));
    if (parts.length > 1) inside.append(claimed(parts, td.querySelector("b") !== null));
    if (typeof parts[0] === "string") inside.append(element("p", "The file " + parts[0] + "."));
    const detail = data.verdicts[parts[0]];
    if (detail) {
      if (detail.problem) inside.append(element("p", detail.problem));
      if (detail.review) inside.append(element("p", "To be reviewed: " + detail.review + "."));
      for (const [rendered, coach] of detail.said ?? []) {
        inside.append(element("pre", rendered));
        if (coach) inside.append(element("p", coach, "said"));
      }
      if (detail.tests) {
        const list = element("ul");
        for (const [name, status, message] of detail.tests) {
          const item = element("li");
          item.append(element("code", name), " " + status.replace("_", " "));
          if (message) item.append(element("div", message, "said"));
          list.append(item);
        }
        inside.append(element("h3", "Hidden tests"), list);
      }
    }
    for (const [key, value] of [...learner.extra, ["folder", learner.path], ...learner.notes.map((note) => ["note", note])]) {
      inside.append(element("div", key + ": " + value, "said"));
    }
    dialog.showModal();
  };

  const isCell = (node) => node instanceof HTMLTableCellElement && node.tagName === "TD" && node.className !== "sum"
    && node.className !== "problem";

  // One cell of the table is reached by Tab, the others by the arrow keys.
  let here = null;
  const stand = (td) => {
    if (here) here.tabIndex = -1;
    here = td;
    here.tabIndex = 0;
    here.setAttribute("aria-label", words[here.className] + (here.querySelector("b") ? ", claimed as solved" : "")
      + (here.querySelector("u") ? ", to be reviewed" : ""));
  };
  matrix.setAttribute("role", "grid");
  const first = body.querySelector("td:not(.sum):not(.problem)");
  if (first) stand(first);
  body.addEventListener("click", (event) => {
    const td = event.target.closest("td");
    if (td && isCell(td)) { stand(td); td.focus(); open(td); }
  });
  body.addEventListener("keydown", (event) => {
    const td = event.target;
    if (!isCell(td)) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(td); return; }
    const visible = [...body.rows].filter((row) => !row.hidden);
    const at = visible.indexOf(td.parentElement);
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    let next = at + move[0];
    while (move[0] && visible[next] && !isCell(visible[next].cells[td.cellIndex])) next += move[0];
    const target = visible[next]?.cells[td.cellIndex + move[1]];
    if (isCell(target)) { stand(target); target.focus(); target.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });

  const order = "pfhkcumob";
  const names = rows.map((row) => data.learners[row.dataset.at].name);
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const value = (row, by) => {
    if (by === "sum") return -(parseInt(row.cells[1].textContent, 10) || 0);
    const cell = row.cells[Number(by) + 2];
    return cell ? order.indexOf(cell.className) : order.length;
  };
  const sort = (head) => {
    const by = head.dataset.sort;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of matrix.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map((row, at) => ({ row, name: names[at], value: by === "name" ? 0 : value(row, by) }));
    keyed.sort((a, b) => (down ? b.value - a.value : a.value - b.value)
      || (by === "name" && down ? compare(b.name, a.name) : compare(a.name, b.name)));
    body.append(...keyed.map((entry) => entry.row));
  };
  for (const head of matrix.querySelectorAll("[data-sort]")) {
    const button = element("button", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
  }

  const name = document.getElementById("name");
  const state = document.getElementById("state");
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = name.value.trim().toLowerCase();
    let left = 0;
    rows.forEach((row, at) => {
      const fits = names[at].toLowerCase().includes(wanted)
        && (!state.value || row.dataset.is.split(" ").includes(state.value));
      row.hidden = !fits;
      left += fits ? 1 : 0;
    });
    shown.textContent = left + " of " + rows.length + " shown";
  };
  name.addEventListener("input", filter);
  state.addEventListener("change", filter);
  document.querySelector(".controls").hidden = false;
  filter();
})();
