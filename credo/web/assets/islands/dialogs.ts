// The palette, the list of keys, a question before what cannot be undone, copying, and the drawer beside a conversation.
import { all, find, onClick, say } from "./page";

export function openPalette(): void {
  find<HTMLDialogElement>("#palette")?.showModal();
  find<HTMLInputElement>("#palette-field")?.select();
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

// The drawer takes the focus and gives it back; where there is room, the margin stands there already.
onClick("[data-open-story]", () => {
  if (!document.body.toggleAttribute("data-story")) return;
  find("[data-close-story]")?.focus();
  if (!find("#story")?.contains(document.activeElement)) find(".story-scroll")?.focus();
});
onClick("[data-close-story]", closeStory);

document.addEventListener("keydown", (event) => {
  const above = find("dialog[open], :popover-open");
  if (event.key === "Escape" && !above && document.body.hasAttribute("data-story")) closeStory();
});

function closeStory(): void {
  document.body.removeAttribute("data-story");
  find("[data-open-story]")?.focus();
}

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
    ask(question, event.submitter, () => {
      form.dataset.sure = "yes";
      form.requestSubmit(event.submitter);
    });
  },
  { capture: true },
);

// The button that goes on names the act as the one that was pressed did, and is red only if that one was.
function ask(question: string, pressed: HTMLElement | null, go: () => void): void {
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
    button(
      pressed?.textContent?.trim() || say("sure"),
      pressed?.matches(".btn-danger") ? "btn btn-danger" : "btn btn-primary",
      go,
    ),
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
