// Names of what changed come over one stream a browser: one tab holds it, the others listen to that tab.
// Names carry no content; whoever shows something fetches it again through the server's own permission.
import { all, find, say, tell } from "./page";
import { announce } from "./toasts";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("credo-live") : null;
let stream: EventSource | null = null;

let begun = false;

// A page was drawn a moment before it listens; a stream that broke missed whatever happened until it stood again.
function catchUp(): void {
  if (begun) return hear(["everything"]);
  begun = true;
  tell("credo:list");
  const open = find("#thread[data-open]")?.dataset.conversation;
  if (open) news(open);
}

function hear(names: string[]): void {
  if (names.includes("start")) catchUp();
  const conversations = names.filter((name) => name.startsWith("conversation:")).map((name) => name.split(":")[1]);
  const everything = names.includes("everything");
  const open = find("#thread[data-open]")?.dataset.conversation;
  if (open && (everything || names.includes(`presence:${open}`))) tell("credo:presence");
  if (conversations.length === 0 && !everything) return;
  tell("credo:counts");
  tell("credo:list");
  for (const row of all("[data-row]")) {
    if (conversations.includes(row.dataset.row) || everything) refresh(row);
  }
  if (open && (conversations.includes(open) || everything)) news(open);
}

export function refresh(row: HTMLElement): void {
  const view = find("#list")?.dataset.view ?? "mine";
  void htmx.ajax("GET", `/conversations/${row.dataset.row}/row?view=${view}`, { target: row, swap: "outerHTML" });
}

// A new message pushes nothing: a line at the bottom waits until it is asked. What happened besides shows at once.
export function news(conversation: string): void {
  const after = Math.max(0, ...all("#thread-items [data-seq]").map((item) => Number(item.dataset.seq)));
  const letters = all("#thread-items .delivery").map((state) => state.id.replace("delivery-", ""));
  const view = find("#list")?.dataset.view ?? "open";
  const asked = `after=${after}&view=${view}&letters=${letters.slice(-20).join(",")}`;
  void htmx.ajax("GET", `/conversations/${conversation}/news?${asked}`, { target: "#thread-news", swap: "innerHTML" });
}

let atEnd = false;
document.addEventListener("htmx:before:swap", () => (atEnd = rest() < 8));
document.addEventListener("htmx:after:swap", () => {
  const scroll = find("#thread-scroll");
  if (atEnd && scroll) scroll.scrollTop = scroll.scrollHeight; // who looks at the end keeps looking at it
});

// How far below the screen the thread goes on.
function rest(): number {
  const scroll = find("#thread-scroll");
  return scroll ? scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight : 0;
}

// Two answers that overlapped may bring the same item; the first stays.
document.addEventListener("htmx:after:swap", () => {
  const known = new Set<string>();
  for (const item of all("#thread-items > [id]")) {
    if (known.has(item.id)) item.remove();
    known.add(item.id);
  }
});

function open(): void {
  stream = new EventSource("/live");
  stream.addEventListener("message", (event) => {
    const names = JSON.parse(event.data as string) as string[];
    if (begun || !names.includes("start")) channel?.postMessage(names);
    hear(names);
  });
}

async function start(): Promise<void> {
  if (!find("nav.side")) return;
  channel?.addEventListener("message", (event: MessageEvent<string[]>) => hear(event.data));
  if (!navigator.locks) return open();
  void navigator.locks.query().then(({ held }) => {
    if (held?.some((lock) => lock.name === "credo-live")) catchUp();
  });
  // The lock is held until this tab goes away; then the next in the queue takes the stream over.
  await navigator.locks.request("credo-live", () => {
    open();
    return new Promise(() => {});
  });
}

let gone = 0;
addEventListener("offline", () => {
  gone = Date.now();
  announce(say("offline"));
});
addEventListener("online", () => {
  if (gone) hear(["everything"]);
  gone = 0;
});
addEventListener("pagehide", () => stream?.close());
void start();
