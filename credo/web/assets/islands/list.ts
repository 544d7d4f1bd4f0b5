// Walking the list, and keeping the mark on the row whose conversation is open.
import { all, find, onClick } from "./page";

export function walk(steps: 1 | -1): void {
  const rows = all("[data-row]");
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, from + steps))];
  if (!row) return;
  const link = find<HTMLAnchorElement>(".item-link", row);
  link?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (find("#thread[data-open]") && row !== rows[from]) link?.click();
}

function mark(): void {
  const open = find("#thread")?.dataset.conversation;
  for (const row of all("[data-row]")) {
    const current = row.dataset.row === open;
    row.toggleAttribute("aria-current", current);
    if (current) {
      row.setAttribute("aria-current", "true");
      row.classList.remove("is-unread");
    }
  }
}

let moved = false; // whether the colleague has moved in the thread since it was opened

// Opening shows the newest of what was written, and reading starts there.
function settle(): void {
  mark();
  moved = false;
  place();
}

function place(): void {
  const scroll = find("#thread-scroll");
  const last = all(".letter:not(.letter-ours, .letter-note)", scroll ?? document).at(-1);
  if (location.hash.startsWith("#item-")) find(location.hash)?.scrollIntoView({ block: "start" });
  else if (scroll && last) scroll.scrollTop = last.offsetTop - scroll.offsetTop - 40;
}

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { target?: Element; sourceElement?: Element } }>).detail;
  if (ctx.sourceElement?.closest(".item-link") || ctx.target?.id === "thread") settle();
  else mark();
});
// A letter in a frame gets its height late, and pushes down what stands below it.
document.addEventListener("credo:fitted", () => {
  if (!moved) place();
});
for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(kind, (event) => (moved ||= find("#thread")?.contains(event.target as Node) ?? false), {
    passive: true,
  });
}
// What was sent is seen, with what becomes of it.
document.addEventListener("credo:sent", () => {
  moved = true;
  const scroll = find("#thread-scroll");
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
});
document.addEventListener("DOMContentLoaded", settle);
if (document.readyState !== "loading") settle();

// A row is a link; a click beside its text counts as well. Middle and modified clicks stay the browser's.
onClick("[data-row]", (row, event) => {
  if (event.button || event.metaKey || event.ctrlKey || (event.target as Element).closest("a, button")) return;
  find<HTMLAnchorElement>(".item-link", row)?.click();
});

// What stands in the list already is not news; its row is fetched again in place.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { sourceElement: Element; request: { body: FormData } } }>).detail;
  if (ctx.sourceElement.id !== "list-news") return;
  const known = all("[data-row]").map((row) => row.dataset.row);
  ctx.request.body.set("known", known.join(","));
});
