// What is typed goes to the server a moment later, and what it finds is put beside it.
"use strict";
const form = document.querySelector(".work");
const text = document.getElementById("text");
const gutter = document.getElementById("gutter");
const said = document.getElementById("said");
const report = document.getElementById("report");
const SIGNS = { right: "✓", wrong: "✗", undecided: "?", unreadable: "?", not_checked: "·" };
const PAUSE = 120; // milliseconds
let waiting = null, timer = 0, name = "";

function signs(rows) {
  const height = parseFloat(getComputedStyle(text).lineHeight), top = parseFloat(getComputedStyle(text).paddingTop);
  const byLine = new Map();
  for (const row of rows) {
    const before = byLine.get(row.line);
    if (!before || row.verdict === "wrong") byLine.set(row.line, row.verdict);
  }
  gutter.replaceChildren(...[...byLine].map(([line, verdict]) => {
    const sign = document.createElement("span");
    sign.textContent = SIGNS[verdict];
    sign.className = verdict === "right" || verdict === "wrong" ? verdict : "open";
    sign.style.setProperty("top", `${top + (line - 1) * height}px`);
    return sign;
  }));
  const rest = document.createElement("span"); // as tall as the text, so that both scroll alike
  rest.style.setProperty("top", `${text.scrollHeight}px`);
  rest.style.setProperty("height", `${height}px`);
  gutter.append(rest);
  gutter.scrollTop = text.scrollTop;
}

function reach() { // what scrolls by itself can be reached by keys
  for (const one of document.querySelectorAll(".wide, .readings, .question dd")) {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}

async function ask() {
  waiting?.abort();
  const mine = waiting = new AbortController();
  said.classList.add("waiting");
  try {
    const answer = await fetch(form.dataset.address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ problem: form.dataset.problem, text: text.value, reveal: form.dataset.reveal, name }),
      signal: mine.signal,
    });
    const found = await answer.json();
    if (mine !== waiting) return;
    const open = new Set([...report.querySelectorAll("details[open]")].map((one) => one.closest("tr")?.id));
    report.innerHTML = found.html; // escaped by the server; no script runs in it
    for (const one of report.querySelectorAll("details")) if (open.has(one.closest("tr")?.id)) one.open = true;
    if (said.textContent !== found.said) said.textContent = found.said;
    said.className = `said ${found.verdict}`;
    signs(found.rows);
    reach();
  } catch (fault) {
    if (fault.name !== "AbortError" && mine === waiting) said.textContent = "The server does not answer.";
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

// The cells of a notebook as Markdown; what is no notebook stays what it is.
function cells(content) {
  try {
    return JSON.parse(content).cells.map((cell) => {
      const source = Array.isArray(cell.source) ? cell.source.join("") : cell.source;
      return cell.cell_type === "markdown" ? source : "```\n" + source + "\n```";
    }).join("\n\n");
  } catch {
    return content;
  }
}

async function open(file) {
  if (!file) return;
  if (!/\.(tex|latex|ltx|md|markdown|qmd|rmd|ipynb|txt|text|toml)$/i.test(file.name)) {
    said.textContent = `${file.name} is no text that can be read here: give LaTeX, Markdown, a notebook or plain text.`;
    return;
  }
  const content = await file.text();
  text.focus();
  text.select();
  const written = /\.ipynb$/i.test(file.name) ? cells(content) : content;
  if (!document.execCommand("insertText", false, written)) text.value = written; // so that it can be taken back
  ask();
}

text.addEventListener("input", () => { if (!text.value.trim()) name = ""; soon(); });
text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const level = event.submitter?.value;
  if (event.submitter?.name === "reveal") {
    const isOn = event.submitter.getAttribute("aria-pressed") === "true";
    for (const one of form.querySelectorAll(".reveal")) one.setAttribute("aria-pressed", "false");
    event.submitter.setAttribute("aria-pressed", String(!isOn));
    form.dataset.reveal = isOn ? "none" : level;
  }
  ask();
});
document.getElementById("file").addEventListener("change", (event) => open(event.target.files[0]));
const sheet = form.querySelector(".sheet");
for (const kind of ["dragover", "dragleave", "drop"]) {
  sheet.addEventListener(kind, (event) => {
    event.preventDefault();
    sheet.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop") open(event.dataTransfer.files[0]);
  });
}
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); }
});
report.addEventListener("toggle", reach, true);
new ResizeObserver(reach).observe(form);
if (text.value.trim()) ask();
