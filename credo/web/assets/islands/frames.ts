// Letters with a look of their own stand in frames that run nothing; the page gives each the height it needs.
import { onArrival, onClick, tell } from "./page";

onArrival<HTMLIFrameElement>("[data-letter]", (frame) => {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.blockSize = `${Math.min(page.offsetHeight + 2, 20_000)}px`;
    tell("credo:fitted");
  };
  const watch = () => {
    const body = frame.contentDocument?.body;
    if (!body) return;
    frame.style.blockSize = "auto";
    fit();
    new ResizeObserver(fit).observe(body);
  };
  frame.addEventListener("load", watch);
  if (frame.contentDocument?.readyState === "complete") watch();
});

// Once images are shown, the line that offered them is done.
onClick("[data-show-images]", (link) => setTimeout(() => link.closest(".remote")?.remove()));
