// Menus by the keyboard: the arrows walk their entries, and what is replaced after an act gives the focus back.
import { all, find } from "./page";

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  if (event.key === "ArrowDown" && target.matches("[popovertarget]")) return enter(target as HTMLButtonElement, event);
  const menu = target.closest<HTMLElement>(".menu[popover], #palette");
  if (menu && (leave(menu, target, event.key) || move(menu, target, event.key))) event.preventDefault();
});

// Escape in a field for searching would only empty it; it closes what the field stands in.
function leave(menu: HTMLElement, from: HTMLElement, key: string): boolean {
  if (key !== "Escape" || !from.matches("[type=search]")) return false;
  if (menu instanceof HTMLDialogElement) menu.close();
  else {
    (from as HTMLInputElement).value = "";
    from.dispatchEvent(new Event("input", { bubbles: true }));
    menu.hidePopover();
  }
  return true;
}

function enter(button: HTMLButtonElement, event: KeyboardEvent): void {
  const menu = button.popoverTargetElement as HTMLElement | null;
  if (!menu?.matches(".menu")) return;
  event.preventDefault();
  if (!menu.matches(":popover-open")) button.click();
  if (!menu.contains(document.activeElement)) entries(menu)[0]?.focus();
}

// Returns whether the key moved the focus. A field that needs the arrows for itself keeps them.
function move(menu: HTMLElement, from: HTMLElement, key: string): boolean {
  const field = find<HTMLInputElement>("input[type=search]", menu);
  if (from.matches("input, textarea, select") && from !== field) return false;
  if (from === field && (key === "Home" || key === "End")) return false;
  const found = entries(menu);
  const at = found.indexOf(from);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? found.length - 1 : at - 1, Home: 0, End: found.length - 1 }[key];
  if (next === undefined) return false;
  const entry = next < 0 && field ? field : found.at(next % Math.max(1, found.length));
  entry?.focus();
  return entry !== undefined;
}

function entries(menu: HTMLElement): HTMLElement[] {
  return all("li :is(a, button)", menu).filter((entry) => entry.checkVisibility());
}

// Where the focus belongs once the head of a conversation is replaced under it.
let home = "";

document.addEventListener("focusin", (event) => (home = homeOf(event.target as Element)));
document.addEventListener("pointerdown", () => (home = ""), { capture: true });
document.addEventListener("htmx:after:swap", () => {
  if (!home || document.activeElement !== document.body) return;
  const control = find(home)?.checkVisibility() ? find(home) : find('#thread-head [popovertarget="more"]');
  control?.focus();
});

function homeOf(control: Element): string {
  const menu = control.closest("#thread-head [popover]")?.id ?? control.getAttribute("popovertarget");
  if (menu && control.closest("#thread-head")) return `#thread-head [popovertarget="${menu}"]`;
  return control.closest("#thread-close") ? "#thread-close button" : "";
}
