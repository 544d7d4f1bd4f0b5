// Around the text: reply or note, the draft kept on the server, files, sending, and what to do when it was refused.
import { all, find, onArrival, onClick, paragraphs, say } from "./page";
import type { Editor } from "./editor";

type Kind = "reply" | "note" | "new";
const PAUSE = 900; // autosave after this rest, in milliseconds

class Composer {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> = Promise.resolve();
  private busy = 0; // saves and uploads under way
  private waiting = false; // a Send waits for them
  private pressed = { html: "", text: "" }; // what stood here when Send was pressed
  private editor: Editor | null = null;

  constructor(readonly form: HTMLFormElement) {
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", (event) => this.send(event), { capture: true });
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("paste", (event) => this.take(event, event.clipboardData?.files));
    form.addEventListener("drop", (event) => this.take(event, event.dataTransfer?.files));
    form.addEventListener("dragover", (event) => this.hover(event, true));
    form.addEventListener("dragleave", (event) => this.hover(event, false));
    find<HTMLInputElement>("[data-attach]", form)?.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      void this.attach([...(input.files ?? [])]).then(() => (input.value = ""));
    });
    void this.enrich();
  }

  get kind(): Kind {
    return this.form.dataset.kind as Kind;
  }

  // The editor is large and comes when it is wanted; until then, and without scripts, the plain field works.
  private async enrich(): Promise<void> {
    const place = find("[data-editor]", this.form);
    const field = find<HTMLTextAreaElement>("[data-editor-field]", this.form);
    if (!place || !field) return;
    const { edit } = await import("./editor");
    const html = this.value("html");
    this.editor = edit(place, field, html, this.form, (written, text) => {
      this.set("html", written);
      field.value = text;
      this.later();
    });
    this.editor.hint(this.placeholder());
  }

  private placeholder(): string {
    const { placeholder, placeholderNote } = find("[data-editor]", this.form)?.dataset ?? {};
    return (this.kind === "note" ? placeholderNote : placeholder) ?? "";
  }

  async switchTo(kind: Kind): Promise<void> {
    if (kind !== this.kind) {
      const kept = this.save();
      this.form.dataset.kind = kind;
      this.set("kind", kind);
      for (const tab of all("[data-kind-tab]", this.form)) {
        tab.removeAttribute("aria-current");
        if (tab.dataset.kindTab === kind) tab.setAttribute("aria-current", "true");
      }
      this.write("", "");
      this.editor?.hint(this.placeholder());
      this.focus();
      await kept;
      await this.load(kind);
    } else this.focus();
  }

  focus(): void {
    if (this.editor) this.editor.focus();
    else find("[data-editor-field]", this.form)?.focus();
  }

  // The kept text of the other kind; what was typed while it was on its way stands below it.
  private async load(kind: Kind): Promise<void> {
    const answer = await fetch(`${this.form.dataset.draft}?kind=${kind}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || kind !== this.kind) return;
    const draft = (await answer.json()) as { html: string; text: string; version: number; files: string };
    this.set("version", String(draft.version));
    this.hang(draft.files);
    if (!draft.text) return;
    if (this.isEmpty()) this.write(draft.html, draft.text);
    else this.write(draft.html + this.value("html"), `${draft.text}\n\n${this.text}`);
  }

  // Shows the draft as it now stands on the server.
  async restore(): Promise<void> {
    if (this.kind !== "reply") return;
    this.write("", "");
    await this.load("reply");
  }

  private get text(): string {
    return find<HTMLTextAreaElement>("[data-editor-field]", this.form)?.value ?? "";
  }

  write(html: string, text: string): void {
    this.set("html", html);
    const field = find<HTMLTextAreaElement>("[data-editor-field]", this.form);
    if (field) field.value = text;
    this.editor?.set(html);
  }

  isEmpty(): boolean {
    return !this.text.trim();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), PAUSE);
  }

  // One save after the other, so that an older text never overtakes a newer one.
  save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const body = new FormData(this.form);
    return this.afterThat(() => this.put(body));
  }

  private afterThat(step: () => Promise<void>): Promise<void> {
    this.busy += 1;
    this.saving = this.saving.then(step).finally(() => (this.busy -= 1));
    return this.saving;
  }

  // What is on its way to the draft arrives before the letter leaves: a late save would bring the sent text back,
  // and a late file would stay behind.
  private send(event: SubmitEvent): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.hold(event, this.form);
    this.pressed = { html: this.value("html"), text: this.text };
  }

  // Keeps a form back until everything typed here is saved.
  hold(event: SubmitEvent, form: HTMLFormElement): void {
    if (this.timer !== undefined) void this.save();
    if (this.busy === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.waiting) return;
    this.waiting = true;
    void this.saving.finally(() => {
      this.waiting = false;
      form.requestSubmit(event.submitter);
    });
  }

  private async put(body: FormData): Promise<void> {
    const [saving, saved, offline, elsewhere] = (find("[data-saved]", this.form)?.dataset.words ?? "").split("|");
    const kind = body.get("kind");
    body.delete("files");
    if (kind === this.kind) body.set("version", this.value("version"));
    this.state(saving);
    try {
      const answer = await fetch(this.form.dataset.draft ?? "", {
        method: "PUT",
        body: new URLSearchParams(body as never),
      });
      if (answer.status === 409) return this.state(elsewhere, true);
      if (!answer.ok) throw new Error(answer.statusText);
      const { version } = (await answer.json()) as { version: number };
      if (kind === this.kind) this.set("version", String(version));
      this.state(saved);
    } catch {
      // The text is still in the field; the next rest tries again, and so does coming back online.
      this.state(offline, true);
    }
  }

  private state(words = "", trouble = false): void {
    const place = find("[data-saved]", this.form);
    place?.classList.toggle("is-risk", trouble);
    if (place && place.textContent !== words) place.textContent = words;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      this.form.requestSubmit(find<HTMLButtonElement>("[data-send]", this.form));
    }
  }

  private hover(event: DragEvent, over: boolean): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.form.classList.toggle("is-dropping", over);
  }

  private take(event: Event, files: FileList | undefined): void {
    this.form.classList.remove("is-dropping");
    if (!files?.length) return;
    event.preventDefault();
    void this.attach([...files]);
  }

  // The draft is saved first, so that its version stays ours.
  private attach(files: File[]): Promise<void> {
    void this.save();
    return this.afterThat(() => this.upload(files));
  }

  // A pasted or dropped image stands in the text; everything else hangs below it.
  private async upload(files: File[]): Promise<void> {
    for (const file of files) {
      const inline = this.editor !== null && file.type.startsWith("image/");
      const body = new FormData();
      body.set("file", file);
      body.set("inline", inline ? "1" : "");
      body.set("kind", this.kind);
      const answer = await fetch(`${this.form.dataset.draft}/attachments`, { method: "POST", body });
      const text = await answer.text();
      if (!answer.ok) this.state(text || say("failed"), true);
      else if (inline) this.editor?.image((JSON.parse(text) as { address: string }).address, file.name);
      else this.hang(text);
    }
    this.later();
  }

  private hang(markup: string): void {
    const list = find("#composer-files", this.form);
    if (!list) return;
    list.outerHTML = markup;
    const fresh = find("#composer-files", this.form);
    if (fresh) htmx.process(fresh);
  }

  private value(name: string): string {
    return find<HTMLInputElement>(`[data-composer-${name}]`, this.form)?.value ?? "";
  }

  set(name: string, value: string): void {
    const field = find<HTMLInputElement>(`[data-composer-${name}]`, this.form);
    if (field) field.value = value;
  }

  // What was written while the letter left stays, and the colleague with it; else single keys act again.
  sent(seq: string): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.set("version", "0");
    if (this.text.trim() === this.pressed.text.trim()) {
      this.write("", "");
      if (this.form.contains(document.activeElement)) find("#thread-scroll")?.focus({ preventScroll: true });
    } else this.keepTheRest();
    if (seq) this.set("seen", seq);
    find("#composer-files", this.form)?.replaceChildren();
    find("#stale", this.form)?.replaceChildren();
    this.state();
  }

  private keepTheRest(): void {
    const { html, text } = this.pressed;
    const rest = this.text.startsWith(text) ? this.text.slice(text.length).trimStart() : this.text;
    const whole = this.value("html");
    this.write(html && whole.startsWith(html) ? whole.slice(html.length) : paragraphs(rest), rest);
    this.editor?.focus();
    this.later();
  }
}

const composers = new WeakMap<HTMLFormElement, Composer>();
const current = () => {
  const form = find<HTMLFormElement>("[data-composer]");
  return form ? composers.get(form) : undefined;
};

onArrival<HTMLFormElement>("[data-composer]", (form) => composers.set(form, new Composer(form)));

onClick("[data-kind-tab]", (tab, event) => {
  event.preventDefault();
  void current()?.switchTo(tab.dataset.kindTab as Kind);
});

// The newer message has been read: from now on the text counts as an answer to it.
onClick("[data-stale-read]", (button) => {
  const composer = current();
  composer?.set("seen", button.dataset.staleRead ?? "0");
  find("#stale")?.replaceChildren();
  composer?.focus();
});

document.addEventListener("credo:sent", (event) => {
  current()?.sent(String((event as CustomEvent<{ seq?: number }>).detail.seq ?? ""));
});

// Newer items were shown: what is written now counts as an answer to them, too.
document.addEventListener("credo:read", (event) => {
  const seq = String((event as CustomEvent<{ seq: number }>).detail.seq);
  current()?.set("seen", seq);
  find("#thread")?.setAttribute("data-seq", seq);
  find("#thread-news")?.replaceChildren();
});

// A letter taken back returns to the composer, above what was begun meanwhile.
document.addEventListener("credo:retracted", () => {
  void current()?.restore();
});

// What was begun meanwhile is saved before it is joined with what comes back.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (form.action.endsWith("/retraction")) current()?.hold(event, form);
  },
  { capture: true },
);

addEventListener("online", () => void current()?.save());
addEventListener("beforeunload", () => void current()?.save());
