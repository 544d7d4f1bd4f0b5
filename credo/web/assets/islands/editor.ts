// The rich text of the composer: bold, lists, links, quotes and images over the plain field, nothing else.
import { Editor as Tiptap } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import Placeholder from "@tiptap/extension-placeholder";
import StarterKit from "@tiptap/starter-kit";
import { all, find, paragraphs, say } from "./page";

export interface Editor {
  focus(): void;
  set(html: string): void;
  image(address: string, name: string): void;
  hint(placeholder: string): void;
}

type Written = (html: string, text: string) => void;

export function edit(
  place: HTMLElement,
  field: HTMLTextAreaElement,
  html: string,
  form: HTMLElement,
  written: Written,
): Editor {
  let placeholder = field.placeholder;
  const tiptap = new Tiptap({
    element: place,
    injectCSS: false,
    content: html || paragraphs(field.value),
    extensions: [
      StarterKit.configure({ heading: false, codeBlock: false, horizontalRule: false, link: { openOnClick: false } }),
      Image.configure({ inline: true }),
      Placeholder.configure({ placeholder: () => placeholder }),
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label(field),
        dir: "auto",
        spellcheck: "true",
      },
    },
    onUpdate: ({ editor }) =>
      written(editor.isEmpty ? "" : editor.getHTML(), editor.getText({ blockSeparator: "\n\n" })),
    onTransaction: ({ editor }) => show(editor, form),
  });
  field.hidden = true;
  tools(tiptap, form);
  return {
    focus: () => focusAtEnd(tiptap),
    set: (content) =>
      void tiptap.commands.setContent(content, { emitUpdate: false, parseOptions: { preserveWhitespace: true } }),
    image: (address, name) => void tiptap.chain().focus().setImage({ src: address, alt: name }).run(),
    hint: (words) => {
      placeholder = words;
      tiptap.view.dispatch(tiptap.state.tr);
    },
  };
}

// At once: the editor's own command waits for the next frame, and a key pressed before that would act on the page.
function focusAtEnd(tiptap: Tiptap): void {
  tiptap.commands.setTextSelection(tiptap.state.doc.content.size);
  tiptap.view.focus();
}

function tools(tiptap: Tiptap, form: HTMLElement): void {
  const bar = find("[data-editor-tools]", form);
  if (!bar) return;
  bar.hidden = false;
  for (const button of all("[data-mark]", bar)) {
    button.addEventListener("click", () => apply(tiptap, button.dataset.mark ?? ""));
  }
}

function apply(tiptap: Tiptap, mark: string): void {
  const chain = tiptap.chain().focus();
  if (mark === "bold") chain.toggleBold().run();
  else if (mark === "italic") chain.toggleItalic().run();
  else if (mark === "bulletList") chain.toggleBulletList().run();
  else if (mark === "orderedList") chain.toggleOrderedList().run();
  else if (mark === "blockquote") chain.toggleBlockquote().run();
  else if (mark === "link") link(tiptap);
}

function link(tiptap: Tiptap): void {
  const known = tiptap.getAttributes("link").href as string | undefined;
  const address = window.prompt(say("link"), known ?? "https://");
  if (address === null) return;
  const chain = tiptap.chain().focus().extendMarkRange("link");
  if (/^(https?:|mailto:)\S+/.test(address)) chain.setLink({ href: address }).run();
  else chain.unsetLink().run();
}

function show(tiptap: Tiptap, form: HTMLElement): void {
  for (const button of all("[data-mark]", form)) {
    button.setAttribute("aria-pressed", String(tiptap.isActive(button.dataset.mark ?? "")));
  }
}

function label(field: HTMLTextAreaElement): string {
  return field.labels[0]?.textContent ?? "";
}
