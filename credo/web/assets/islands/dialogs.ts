// The palette, the list of keys, a question before what cannot be undone, copying, and the drawer beside a conversation.
import { all, find, onClick, say } from "./page";

export function openPalette(): void {
  find<HTMLDialogElement>("#palette")?.showModal();
}

export function openKeys(): void {
  find<HTMLDialogElement>("#keys")?.showModal();
}

onClick("[data-open-palette]", (_, event) => {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  openPalette();
});

onClick("[data-open-keys]", (button) => {
  button.closest<HTMLElement>("[popover]")?.hidePopover();
  openKeys();
});

// A click beside a dialog closes it.
onClick("dialog", (dialog, event) => {
  if (event.target === dialog) (dialog as HTMLDialogElement).close();
});

onClick("[data-open-story]", () => document.body.toggleAttribute("data-story"));
onClick("[data-close-story]", () => document.body.removeAttribute("data-story"));

onClick("[data-copy]", async (button) => {
  const text = find(button.dataset.copy ?? "")?.textContent ?? "";
  await navigator.clipboard.writeText(text);
  button.append(` · ${say("copied")}`);
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    const question = form.dataset.confirm;
    if (!question || form.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, () => {
      form.dataset.sure = "yes";
      form.requestSubmit(event.submitter);
    });
  },
  { capture: true },
);

function ask(question: string, go: () => void): void {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const text = document.createElement("p");
  text.id = "question";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", "question");
  const actions = document.createElement("p");
  actions.className = "actions";
  actions.append(
    button(say("keep"), "btn", () => {}),
    button(say("sure"), "btn btn-danger", go),
  );
  dialog.append(text, actions);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();

  function button(label: string, look: string, does: () => void): HTMLButtonElement {
    const element = document.createElement("button");
    element.className = look;
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", () => {
      dialog.close();
      does();
    });
    return element;
  }
}

// Narrows a list in a menu to what was typed.
document.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  if (!field.dataset.filter) return;
  const words = field.value.trim().toLowerCase();
  for (const entry of all(`${field.dataset.filter} > li`))
    entry.hidden = !entry.textContent.toLowerCase().includes(words);
});

// Return in such a filter takes the first that is left.
document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLInputElement;
  if (event.key !== "Enter" || !field.dataset?.filter) return;
  event.preventDefault();
  find(`${field.dataset.filter} > li:not([hidden]) button`)?.click();
});

// A form that nobody filled in yet begins with the time zone of this browser.
const zone = find<HTMLSelectElement>("[data-guess-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && [...zone.options].some((option) => option.value === here)) zone.value = here;
