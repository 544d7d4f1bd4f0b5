// Small things every island needs: finding elements, the words of the page, and hearing what htmx swapped in.

export function find<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

export function say(word: string): string {
  const words = JSON.parse(document.body.dataset.say ?? "{}") as Record<string, string>;
  return words[word] ?? word;
}

// Calls `react` with the event target's nearest ancestor that matches, for clicks anywhere now or later.
export function onClick(selector: string, react: (element: HTMLElement, event: MouseEvent) => void): void {
  document.addEventListener("click", (event) => {
    const element = (event.target as Element).closest<HTMLElement>(selector);
    if (element) react(element, event);
  });
}

// Calls `prepare` once for every element that is on the page or arrives by a swap.
export function onArrival<T extends HTMLElement>(selector: string, prepare: (element: T) => void): void {
  const known = new WeakSet<T>();
  const look = (root: ParentNode) => {
    const found = all<T>(selector, root);
    if (root instanceof HTMLElement && root.matches(selector)) found.push(root as T);
    for (const element of found) {
      if (known.has(element)) continue;
      known.add(element);
      prepare(element);
    }
  };
  document.addEventListener("htmx:after:process", (event) => look(event.target as ParentNode));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => look(document));
  else look(document);
}

export function tell(name: string, detail: unknown = {}): void {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

// Plain text as the editor takes it.
export function paragraphs(text: string): string {
  const escape = document.createElement("p");
  return text
    .split(/\n\s*\n/)
    .filter((part) => part.trim())
    .map((part) => {
      escape.textContent = part;
      return `<p>${escape.innerHTML.replaceAll("\n", "<br>")}</p>`;
    })
    .join("");
}
