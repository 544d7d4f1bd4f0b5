// One-letter keys, outside of text fields only, and only while the colleague wants them. An element says `data-key`.
import { openKeys, openPalette } from "./dialogs";
import { walk } from "./list";
import { all, find, isWriting } from "./page";

let going = 0; // until when a letter after G means a place

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape" && isWriting(event.target) && !inside(event.target)) (event.target as HTMLElement).blur();
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || isWriting(event.target)) return;
  if (document.body.dataset.keys !== "on" || find("dialog[open]")) return;
  if (press(event.key)) event.preventDefault();
});

// What closes on Escape gives the focus back by itself.
function inside(target: EventTarget | null): boolean {
  return (target as HTMLElement).closest("dialog[open], [popover]") !== null;
}

// Returns whether the key meant something.
function press(key: string): boolean {
  if (Date.now() < going) {
    going = 0;
    return click(`[data-go="${CSS.escape(key)}"]`);
  }
  if (key === "g") going = Date.now() + 1500;
  else if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "/") openPalette();
  else if (key === "?") openKeys();
  else if (key === "w") return click("[data-why]", "last");
  else if (key === "u" && !find('[data-key="u"]')) history.back();
  else return click(`[data-key="${CSS.escape(key)}"]`);
  return true;
}

function click(selector: string, which: "first" | "last" = "first"): boolean {
  const element = all(selector).at(which === "first" ? 0 : -1);
  if (!element) return false;
  const menu = element.closest<HTMLElement>("[popover]");
  if (element.matches("input, textarea")) {
    // Opened by its button, it stands at its button.
    if (!menu?.matches(":popover-open")) push(find(`[popovertarget="${menu?.id}"]`));
    element.focus();
  } else push(element);
  const opened = element.getAttribute("popovertarget");
  if (opened) find(`#${opened} :is(input, button, a)`)?.focus();
  return true;
}

// A button that opens something gets the focus back, unless a row or field had it before.
function push(element: HTMLElement | null): void {
  if (document.activeElement === document.body && element?.matches("[popovertarget]")) element.focus();
  element?.click();
}
