"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const matrix = document.getElementById("matrix");
  const around = document.getElementById("around");
  const head = matrix.tHead.rows[0];
  const body = matrix.tBodies[0];
  const rows = [...body.rows];
  const learners = rows.map((row) => data.learners[row.dataset.at]);
  const dialog = document.getElementById("verdict");
  const title = document.getElementById("verdict-title");
  const inside = document.getElementById("verdict-body");
  const state = document.getElementById("state");
  const words = {};
  const signs = {};
  for (const span of document.querySelectorAll(".legend span")) {
    const sign = span.firstElementChild;
    words[sign.className] ??= span.textContent.slice(sign.textContent.length).trim();
    signs[sign.className] ??= sign.textContent;
  }

  // Only text is ever put into the page, never markup.
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const button = (text, kind, action) => {
    const made = element("button", text, kind);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  };
  const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");

  // What a letter of a learner's signs means: its class, and whether a claim is refuted.
  const meaning = (letter) => [letter.toLowerCase(), letter !== letter.toLowerCase()];
  const marked = (into, letter) => {
    const [kind, refuted] = meaning(letter);
    into.append(signs[kind]);
    if (refuted) into.append(element("b", "*"));
    return into;
  };
  const solved = (letters) => letters.split("p").length - 1;

  const claim = (cell) => {
    const [, state, attempts, hints, gaveUp, , at] = cell;
    return state + (at ? " since " + at.slice(0, 10) : "") + ", " + count(attempts, "attempt") + ", " + count(hints, "hint")
      + (gaveUp ? ", the solution was shown" : "");
  };

  const about = (learner) => {
    const made = [];
    for (const [key, value, address] of [...learner.extra, ["folder", learner.path], ...learner.notes.map((note) => ["note", note])]) {
      const line = element("div", key + ": ", "said");
      const link = address ? element("a", value) : value;
      if (address) {
        link.href = value;
        link.rel = "noopener noreferrer";
        link.target = "_blank";
      }
      line.append(link);
      made.push(line);
    }
    return made;
  };

  const show = (heading, parts) => {
    title.textContent = heading;
    inside.replaceChildren(...parts);
    if (dialog.open) title.focus();
    else dialog.showModal();
    dialog.scrollTop = 0;
  };

  const openRow = (learner) => {
    const parts = learner.told.map((told) => element("p", told)).concat(about(learner));
    for (const [chapter, from, number] of learner.signs ? data.chapters : []) {
      const letters = learner.signs.slice(from, from + number);
      parts.push(element("h3", chapter + ": " + solved(letters) + " of " + number));
      const list = element("ul", undefined, "cells");
      [...letters].forEach((letter, at) => {
        const item = element("li");
        const [kind] = meaning(letter);
        const cell = learner.cells[from + at];
        item.append(marked(element("i", undefined, kind), letter), " ",
          button(data.exercises[from + at], "name", () => openCell(learner, from + at)), " " + words[kind]);
        if (Array.isArray(cell)) item.append("; claimed: " + claim(cell));
        list.append(item);
      });
      parts.push(list);
    }
    show(learner.name, parts);
  };

  const openCell = (learner, number) => {
    const cell = learner.cells[number];
    const parts = Array.isArray(cell) ? cell : [cell];
    const [kind, refuted] = meaning(learner.signs[number]);
    const [chapter] = data.chapters.findLast(([, from]) => from <= number);
    const made = [element("p", words[kind] + " — " + chapter)];
    if (parts.length > 1) {
      let text = "The progress file says " + claim(parts) + ".";
      if (refuted) {
        text += parts[5]
          ? " That claim is for this text, but grading refutes it."
          : kind === "u" ? " That claim is for a different text; the starter is back." : " That claim is for a different text; this one does not pass.";
      }
      made.push(element("p", text));
    }
    if (typeof parts[0] === "string") made.push(element("p", "The file " + parts[0] + "."));
    const detail = data.verdicts[parts[0]];
    if (detail) {
      if (detail.problem) made.push(element("p", detail.problem));
      if (detail.review) made.push(element("p", "To be reviewed: " + detail.review + "."));
      for (const [rendered, coach] of detail.said ?? []) {
        made.push(element("pre", rendered));
        if (coach) made.push(element("p", coach, "said"));
      }
      if (detail.tests) {
        const list = element("ul");
        for (const [name, status, message] of detail.tests) {
          const item = element("li");
          item.append(element("code", name), " " + status.replace("_", " "));
          if (message) item.append(element("div", message, "said"));
          list.append(item);
        }
        made.push(element("h3", "Hidden tests"), list);
      }
    }
    const whole = element("p");
    whole.append(button("All of " + learner.name, "name", () => openRow(learner)));
    show(learner.name + " · " + data.exercises[number], [...made, ...about(learner), whole]);
  };

  // One place of the table, headings and all, is reached by Tab, the others by the arrow keys.
  let here = null;
  const stand = (node) => {
    if (here) here.tabIndex = -1;
    here = node;
    here.tabIndex = 0;
    if (words[here.className]) {
      here.setAttribute("aria-label", words[here.className] + (here.querySelector("b") ? ", claimed as solved" : "")
        + (here.querySelector("u") ? ", to be reviewed" : ""));
    } else if (here.classList.contains("n")) {
      const holds = here.dataset.is.split(" ").filter(Boolean).map((word) => state.querySelector(`[value="${word}"]`).textContent);
      here.setAttribute("aria-label", [here.firstChild.textContent.replace("/", " of "), ...holds].join(", "));
    }
  };
  const go = (node) => {
    if (!node) return;
    stand(node);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const places = (row) => row === head ? [...row.querySelectorAll("button")] : [...row.cells];
  const open = (cell) => {
    const learner = data.learners[cell.parentElement.dataset.at];
    const { exercise } = learner.signs ? head.cells[cell.cellIndex].dataset : {};
    if (exercise === undefined) openRow(learner);
    else openCell(learner, Number(exercise));
  };
  // The next row that is in sight and has such a column; above the first one stand the headings.
  const beyond = (row, step, column) => {
    const on = (from) => step > 0 ? (from === head ? body.rows[0] : from.nextElementSibling)
      : from.previousElementSibling ?? (from === head ? null : head);
    let found = null;
    let left = Math.abs(step);
    for (let next = on(row); next && left; next = on(next)) {
      if (next.hidden || !next.cells[column]) continue;
      found = next;
      left -= 1;
      if (next === head) break;
    }
    return found && (found === head ? found.cells[column].querySelector("button") : found.cells[column]);
  };
  const keys = { ArrowUp: -1, ArrowDown: 1, PageUp: -20, PageDown: 20 };
  matrix.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    const row = cell.parentElement;
    const list = places(row);
    const at = list.indexOf(event.target);
    if (event.key === "Enter" || event.key === " ") {
      if (row === head) return;
      open(cell);
    } else if (event.key === "ArrowLeft") go(list[at - 1]);
    else if (event.key === "ArrowRight") go(list[at + 1]);
    else if (event.key === "Home") go(list[0]);
    else if (event.key === "End") go(list[list.length - 1]);
    else if (keys[event.key]) go(beyond(row, keys[event.key], cell.cellIndex));
    else return;
    event.preventDefault();
  });
  body.addEventListener("click", (event) => {
    const cell = event.target.closest("th, td");
    if (cell) { go(cell); open(cell); }
  });
  head.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (pressed) go(pressed);
  });

  // Each heading says what its column is sorted by; both the rows and `aria-sort` follow from one word.
  const order = "pfhkcumob";
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const valueOf = {
    name: () => 0,
    sum: (learner) => learner.signs ? solved(learner.signs) : -1,
    last: (learner) => learner.last,
    chapter: (learner, { chapter }) => {
      const [, from, number] = data.chapters[chapter];
      return learner.signs ? solved(learner.signs.slice(from, from + number)) : -1;
    },
    exercise: (learner, { exercise }) =>
      learner.signs ? order.indexOf(meaning(learner.signs[exercise])[0]) : order.length,
  };
  const opposite = { ascending: "descending", descending: "ascending" };
  const sort = (th) => {
    const direction = opposite[th.getAttribute("aria-sort")] ?? th.dataset.first ?? "ascending";
    for (const other of head.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", direction);
    const turn = direction === "ascending" ? 1 : -1;
    const by = th.dataset.sort;
    const keyed = rows.map((row, at) => ({ row, name: learners[at].name, value: valueOf[by](learners[at], th.dataset) }));
    keyed.sort((a, b) => turn * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)
      || (by === "name" ? turn : 1) * compare(a.name, b.name));
    body.append(...keyed.map((entry) => entry.row));
  };

  // A chapter's own column counts; its exercises stand beside it while it is open.
  const chapterHead = (number) => head.querySelector(`[data-chapter="${number}"]`);
  const isOpen = (th) => th.nextElementSibling?.dataset.exercise !== undefined;
  const heading = (th) => {
    const name = th.firstElementChild.textContent;
    const { chapter } = th.dataset;
    const main = chapter === undefined ? button(name, "sort", () => sort(th))
      : button(name, "fold", () => { fold(chapter, isOpen(th)); });
    const made = [main];
    if (chapter !== undefined) {
      main.setAttribute("aria-expanded", String(isOpen(th)));
      const other = button("⇅", "sort", () => sort(th));
      other.setAttribute("aria-label", "Sort by " + name);
      made.push(other);
    }
    for (const one of made) one.tabIndex = -1;
    th.append(...made);
  };
  const fold = (chapter, shut) => {
    const th = chapterHead(chapter);
    if (isOpen(th) !== shut) return;
    const at = th.cellIndex;
    const [, from, number] = data.chapters[chapter];
    th.querySelector(".fold").setAttribute("aria-expanded", String(!shut));
    const numbers = Array.from({ length: number }, (_, step) => from + step);
    if (shut) numbers.forEach(() => th.nextElementSibling.remove());
    else {
      const heads = numbers.map((exercise) => {
        const made = element("th", undefined, "exercise");
        made.scope = "col";
        made.dataset.sort = "exercise";
        made.dataset.exercise = exercise;
        made.append(element("span", data.exercises[exercise]));
        heading(made);
        return made;
      });
      th.after(...heads);
    }
    rows.forEach((row, place) => {
      const letters = learners[place].signs;
      if (!letters) {
        row.lastElementChild.colSpan += shut ? -number : number;
        return;
      }
      const td = row.cells[at];
      if (shut) {
        const strip = element("span", undefined, "strip");
        for (const exercise of numbers) {
          td.nextElementSibling.remove();
          marked(strip, letters[exercise]);
        }
        td.append(strip);
      } else {
        td.querySelector(".strip")?.remove();
        td.after(...numbers.map((exercise) => marked(element("td", undefined, meaning(letters[exercise])[0]), letters[exercise])));
      }
    });
    if (!here?.isConnected) stand(th.querySelector("button"));
    offer();
  };
  const spread = document.getElementById("spread");
  const anyFolded = () => data.chapters.some((_, number) => !isOpen(chapterHead(number)));
  const offer = () => { spread.textContent = anyFolded() ? "Open all chapters" : "Fold all chapters"; };
  const foldAll = (shut) => data.chapters.forEach((_, chapter) => fold(chapter, shut));

  // Names are found without their accents, whether these are typed or not.
  const letters = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ı: "i" };
  const bare = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[ßøłđðþæœı]/g, (letter) => letters[letter]);
  const texts = learners.map((learner) => bare([learner.name, ...learner.extra.map(([, value]) => value)].join("\n")));

  const name = document.getElementById("name");
  const chapter = document.getElementById("chapter");
  const columns = [...document.querySelectorAll("[data-column]")];
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = bare(name.value.trim());
    const asked = " " + state.value + " ";
    const part = chapter?.value && chapterHead(chapter.value).cellIndex;
    const is = (row) => part && state.value !== "needy" && state.value !== "problem"
      ? row.cells[part]?.dataset.is ?? "" : row.dataset.is;
    let left = 0;
    rows.forEach((row, at) => {
      const fits = texts[at].includes(wanted)
        && (!state.value || (" " + is(row) + " ").includes(asked))
        && columns.every((select) => !select.selectedIndex || learners[at].extra[select.dataset.column][1] === select.value);
      row.hidden = !fits;
      left += fits ? 1 : 0;
    });
    shown.textContent = left + " of " + rows.length + " shown";
  };
  const narrow = matchMedia("(max-width: 40rem)").matches;
  name.addEventListener("input", filter);
  for (const select of [state, ...columns]) select.addEventListener("change", filter);
  chapter?.addEventListener("change", () => {
    data.chapters.forEach((_, number) => fold(number, chapter.value ? String(number) !== chapter.value : narrow || !data.spread));
    if (chapter.value) chapterHead(chapter.value).scrollIntoView({ block: "nearest", inline: "center" });
    filter();
  });
  spread.addEventListener("click", () => foldAll(!anyFolded()));

  // A name anywhere on the page opens its row.
  for (const told of document.querySelectorAll("[data-learner]")) {
    const learner = data.learners[told.dataset.learner];
    told.replaceChildren(button(learner.name, "name", () => openRow(learner)));
  }

  // Paper cannot be clicked: what is behind a word is printed with it.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const details of unfolded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
  });

  document.documentElement.classList.add("live");
  matrix.setAttribute("role", "grid");
  around.removeAttribute("tabindex");
  for (const th of [...head.cells]) heading(th);
  if (narrow) foldAll(true);
  offer();
  stand(body.rows[0]?.cells[0] ?? head.querySelector("button"));
  document.querySelector(".controls").hidden = false;
  filter();
})();
