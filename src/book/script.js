"use strict";
(() => {
  const { chapters, entries } = JSON.parse(document.getElementById("index").textContent);
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  const count = document.getElementById("count");
  // So many are shown.
  const SHOWN = 60;
  const all = entries.map((entry) => ({
    ...entry,
    low: { title: entry.title.toLowerCase(), text: entry.text.toLowerCase(), code: entry.code.toLowerCase() },
  }));

  // What is in a title counts most. A place that lacks one of the words does not count at all.
  const points = ({ low }, words) => {
    let sum = 0;
    for (const word of words) {
      const these = (low.title.includes(word) ? 8 : 0) + (low.text.includes(word) ? 2 : 0) + (low.code.includes(word) ? 1 : 0);
      if (these === 0) return 0;
      sum += these;
    }
    return sum;
  };

  // Only text is ever put into the page, never markup.
  const marked = (element, text, words) => {
    const low = text.toLowerCase();
    let at = 0;
    while (at < text.length) {
      let next = text.length;
      let length = 0;
      for (const word of words) {
        const start = low.indexOf(word, at);
        if (start >= 0 && (start < next || (start === next && word.length > length))) [next, length] = [start, word.length];
      }
      element.append(text.slice(at, next));
      if (length > 0) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(next, next + length);
        element.append(mark);
      }
      at = next + length;
    }
    return element;
  };

  // The text around the first word that is in it.
  const around = ({ text, low }, words) => {
    const places = words.map((word) => low.text.indexOf(word)).filter((place) => place >= 0);
    const first = places.length > 0 ? Math.min(...places) : 0;
    let from = Math.max(0, first - 70);
    if (from > 0) from = text.indexOf(" ", from) + 1;
    let to = Math.min(text.length, from + 240);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), first);
    return (from > 0 ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  };

  const line = (kind, text, words) => {
    const made = document.createElement("span");
    made.className = kind;
    return marked(made, text, words);
  };

  const item = (entry, words) => {
    const made = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.href;
    made.append(marked(link, entry.title, words), line("dim", chapters[entry.chapter], []));
    if (entry.text !== "") made.append(line("", around(entry, words), words));
    const names = entry.code.split(" ").filter((name) => words.some((word) => name.toLowerCase().includes(word)));
    if (names.length > 0) made.append(line("dim", "in the code: " + names.slice(0, 12).join(", "), words));
    return made;
  };

  const search = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const ranked = words.length === 0 ? [] : all
      .map((entry) => [points(entry, words), entry])
      .filter(([sum]) => sum > 0)
      .sort(([one], [other]) => other - one);
    found.replaceChildren(...ranked.slice(0, SHOWN).map(([, entry]) => item(entry, words)));
    if (words.length === 0) count.textContent = "Type a word. It is looked for in all chapters, tasks, questions and starters.";
    else if (ranked.length === 0) count.textContent = "No section and no exercise has " + (words.length === 1 ? "this word." : "all of these words.");
    else if (ranked.length > SHOWN) count.textContent = ranked.length + " places. These are the first " + SHOWN + ":";
    else count.textContent = ranked.length === 1 ? "1 place:" : ranked.length + " places:";
  };

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", search);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  field.focus();
  search();
})();
